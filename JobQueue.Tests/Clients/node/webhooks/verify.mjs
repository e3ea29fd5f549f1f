// Says of each call in the file named on the command line what the verifiers of the npm world think of it.
import { readFileSync } from 'node:fs';
import { Webhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';

const verifiers = {
  standardwebhooks: ({ secret, body, headers }) => new Webhook(secret).verify(body, headers, { jsonParse: false }),
  svix: ({ secret, body, headers }) => new SvixWebhook(secret).verify(body, headers),
};

for (const call of JSON.parse(readFileSync(process.argv[2], 'utf8'))) {
  for (const [name, verify] of Object.entries(verifiers)) {
    let verdict = 'accepted';
    try {
      verify(call);
    } catch {
      verdict = 'refused';
    }
    console.log(`${call.name}, ${name}: ${verdict}`);
  }
}
