// Starts the circuit and brings the page back by itself when the connection, or the whole server, was gone. The page's address
// holds its state, so a reload shows what was shown before.
(() => {
  const pause = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));
  let banner;

  function show(text) {
    banner ??= document.body.appendChild(Object.assign(document.createElement('div'), { className: 'reconnect' }));
    banner.setAttribute('role', 'status');
    banner.textContent = text;
    document.documentElement.dataset.offline = '';
  }

  function hide() {
    banner?.remove();
    banner = undefined;
    delete document.documentElement.dataset.offline;
  }

  let trying = false;
  async function comeBack() {
    if (trying)
      return;
    trying = true;
    show('Connection lost. Reconnecting…');
    for (let attempt = 0; trying; attempt++) {
      try {
        if (await Blazor.reconnect())
          break;
        location.reload(); // The server is there but knows this page no more: it restarted.
        return;
      } catch {
        // The server does not answer yet, or refuses the session: then it answers plain requests.
        if (attempt >= 2 && await answers()) {
          location.reload();
          return;
        }
      }
      await pause(Math.min(500 + attempt * 250, 2000));
    }
    trying = false;
    hide();
  }

  async function answers() {
    try {
      return (await fetch('health/live', { cache: 'no-store' })).ok;
    } catch {
      return false;
    }
  }

  Blazor.start({
    circuit: {
      reconnectionHandler: {
        onConnectionDown: comeBack,
        onConnectionUp: () => { trying = false; hide(); },
      },
    },
  }).then(() => { document.documentElement.dataset.ready = ''; });

  // Without its circuit a page is an empty frame. Where that lasts, the frame says why, in the server's words if it gave any.
  setTimeout(async () => {
    if (document.querySelector('.shell'))
      return;
    const notice = document.querySelector('.boot-refused');
    try {
      const answer = await fetch('_blazor/negotiate?negotiateVersion=1', { method: 'POST' });
      if (answer.status === 403 && answer.headers.get('Content-Type')?.startsWith('text/plain'))
        notice.querySelector('[data-reason]').textContent = await answer.text();
    } catch {
      // Not even an answer: the general words hold.
    }
    notice.hidden = false;
  }, 4000);

  // A page that was put to sleep with its laptop tries at once when it is looked at again.
  addEventListener('pageshow', event => event.persisted && location.reload());
})();
