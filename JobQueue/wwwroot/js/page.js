// Small things every page shares. Listeners sit on the document, so they work for whatever the circuit draws later.
(() => {
  // Times: <rel-time datetime="…"> shows "3 minutes ago" and ticks by itself; nothing of it goes over the circuit.
  const units = [['day', 86400], ['hour', 3600], ['minute', 60], ['second', 1]];
  const words = new Intl.RelativeTimeFormat('en', { numeric: 'always', style: 'short' });
  const local = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
  const live = new Set();

  function span(seconds) {
    const [unit, size] = units.find(([, size]) => Math.abs(seconds) >= size) ?? ['second', 1];
    return words.format(Math.trunc(seconds / size), unit);
  }

  function clock(seconds) {
    const whole = Math.max(0, Math.floor(seconds));
    const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
    return h ? `${h} h ${m} min` : m ? `${m} min ${s} s` : `${s} s`;
  }

  class RelTime extends HTMLElement {
    static observedAttributes = ['datetime'];

    connectedCallback() {
      this.shadow ??= this.attachShadow({ mode: 'open' });
      live.add(this);
      this.draw();
    }

    disconnectedCallback() { live.delete(this); }

    attributeChangedCallback() { this.shadow && this.draw(true); }

    draw(changed = false) {
      const text = this.getAttribute('datetime');
      const at = Date.parse(text);
      if (Number.isNaN(at))
        return;
      if (changed || !this.title)
        this.title = `${local.format(at)} (${Intl.DateTimeFormat().resolvedOptions().timeZone})\n${text}`;
      const seconds = (at - Date.now()) / 1000;
      const shown = this.hasAttribute('elapsed') ? clock(-seconds)
        : Math.abs(seconds) < 1 ? 'now'
        : seconds > 0 || !this.hasAttribute('due') ? span(seconds) : 'due';
      if (this.shown !== shown)
        this.shadow.textContent = this.shown = shown;
    }
  }

  customElements.define('rel-time', RelTime);

  // <local-time datetime="…"> shows the hour and minute where the reader is.
  const hour = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
  customElements.define('local-time', class extends HTMLElement {
    static observedAttributes = ['datetime'];

    attributeChangedCallback() {
      this.shadow ??= this.attachShadow({ mode: 'open' });
      this.shadow.textContent = hour.format(Date.parse(this.getAttribute('datetime')));
    }
  });
  setInterval(() => document.hidden || live.forEach(time => time.draw()), 1000);
  document.addEventListener('visibilitychange', () => document.hidden || live.forEach(time => time.draw()));

  // Copy: <button data-copy="text"> or <button data-copy-from="/address">.
  async function copy(text) {
    if (navigator.clipboard)
      return navigator.clipboard.writeText(text);
    const area = document.body.appendChild(Object.assign(document.createElement('textarea'), { value: text, className: 'sr-only' }));
    area.select();
    document.execCommand('copy'); // The only way on plain http.
    area.remove();
  }

  document.addEventListener('click', async event => {
    const button = event.target.closest('[data-copy], [data-copy-from]');
    if (!button)
      return;
    event.preventDefault();
    const { copy: text, copyFrom: address } = button.dataset;
    try {
      await copy(text ?? await (await fetch(address)).text());
      button.dataset.copied = 'yes';
    } catch {
      button.dataset.copied = 'no';
    }
    setTimeout(() => delete button.dataset.copied, 1500);
  });

  // Dialogs: MudBlazor's focus trap takes the focus onto a helper of its own; hand it on to the element that was meant.
  document.addEventListener('focusin', event => {
    if (event.target.matches('.mud-focus-trap > [tabindex="-1"]'))
      event.target.closest('.mud-dialog')?.querySelector('[data-focus]')?.focus();
  });

  // The demo's accounts fill the form in.
  document.addEventListener('click', event => {
    const account = event.target.closest('[data-fill-name]');
    if (!account)
      return;
    document.getElementById('name').value = account.dataset.fillName;
    const password = document.getElementById('password');
    password.value = account.dataset.fillPassword;
    password.form.querySelector('[type=submit]').focus();
  });

  // A press takes as long as a circuit's answer. What the page draws meanwhile (a complaint that is gone once its field is left)
  // may move the button away from under the pointer, and the browser then makes no click of it. The person meant the button.
  let pressed;
  document.addEventListener('pointerdown', event => {
    const button = event.button === 0 && event.target.closest('button');
    pressed = button && { button, x: event.clientX, y: event.clientY };
  });
  document.addEventListener('pointerup', event => {
    if (pressed && !pressed.button.contains(event.target) && Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) < 6)
      pressed.button.click();
    pressed = null;
  });

  // JSON: <textarea data-json="id of the line that tells"> is checked while it is typed in, here and not on the server; after a
  // pause what was typed is handed over, so that what depends on it keeps up.
  const waiting = new WeakMap();
  document.addEventListener('input', event => {
    const area = event.target;
    if (!area.matches?.('textarea[data-json]'))
      return;
    clearTimeout(waiting.get(area));
    waiting.set(area, setTimeout(() => {
      const verdict = checkJson(area.value);
      const line = document.getElementById(area.dataset.json);
      if (line) {
        line.textContent = verdict.text;
        line.dataset.valid = verdict.valid;
      }
      area.setAttribute('aria-invalid', String(!verdict.valid));
      if (area.value.length <= 65536)
        area.dispatchEvent(new Event('change', { bubbles: true }));
    }, 250));
  });

  function checkJson(text) {
    if (text.trim() === '')
      return { valid: false, text: 'Empty: a payload is one JSON value, null for none.' };
    const at = jsonError(text);
    if (at < 0)
      return { valid: true, text: `Valid JSON, ${new Blob([text]).size.toLocaleString('en')} bytes` };
    const before = text.slice(0, at).split('\n');
    return { valid: false, text: `Not valid JSON: line ${before.length}, column ${before.at(-1).length + 1}` };
  }

  // Where a text stops being JSON, or -1. JSON.parse says so too, but in words that differ from browser to browser.
  function jsonError(text) {
    const token = /\s*(?:([{}[\],:])|("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|true\b|false\b|null\b))/y;
    const space = /\s*/y;
    const open = [];
    let wants = 'value';
    for (let at = 0; ;) {
      space.lastIndex = at;
      space.exec(text);
      const start = space.lastIndex;
      if (start === text.length)
        return wants === 'end' && open.length === 0 ? -1 : start;
      token.lastIndex = at;
      const [, mark, string, other] = token.exec(text) ?? [];
      at = token.lastIndex;
      const inside = open.at(-1);
      if (mark === undefined && string === undefined && other === undefined)
        return start;
      if (wants.includes('value') && (string !== undefined || other !== undefined))
        wants = 'end';
      else if (wants.includes('key') && string !== undefined)
        wants = 'colon';
      else if (wants.includes('value') && (mark === '{' || mark === '[')) {
        open.push(mark);
        wants = mark === '{' ? 'key or }' : 'value or ]';
      } else if (wants === 'colon' && mark === ':')
        wants = 'value';
      else if (wants === 'end' && mark === ',' && inside)
        wants = inside === '{' ? 'key' : 'value';
      else if ((mark === '}' && inside === '{' && (wants === 'end' || wants === 'key or }'))
        || (mark === ']' && inside === '[' && (wants === 'end' || wants === 'value or ]'))) {
        open.pop();
        wants = 'end';
      } else
        return start;
    }
  }
})();
