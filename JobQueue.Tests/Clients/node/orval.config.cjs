module.exports = {
  client: { input: './openapi.json', output: { target: './gen/orval/client.ts', client: 'fetch', override: { mutator: { path: './flows/orval-fetch.ts', name: 'call' } } } },
  zod: { input: './openapi.json', output: { target: './gen/orval/zod.ts', client: 'zod' } },
};
