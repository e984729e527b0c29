/* What this phone keeps until the server has it. Pages and the service worker share it.
   answers: {key, owner, url, title, at, version, writer, number, fields, with, waiting, trouble}
            of one page of a form; `number` counts what was typed, `with` goes along where the button was pressed,
            `waiting` that it is to be sent, `trouble` what became of it instead ("stale", "faulty", "closed").
   files:   {id, owner, page, field, name, type, blob, sha256, at}: chosen, and not yet handed in. */
self.lspStore = (() => {
  'use strict';

  const DAY = 864e5;
  const WEEK = 7 * DAY;
  const LONG_AGO = Date.UTC(2026, 0); // a phone whose battery was empty begins in 1970, or in the year it was built
  let opened;

  const open = () => new Promise((done, fail) => {
    const request = indexedDB.open('lsp', 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore('answers', { keyPath: 'key' });
      request.result.createObjectStore('files', { keyPath: 'id' });
    };
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });

  /* Storage may be forbidden or full; then nothing is kept, and the page says nothing of keeping. A phone that slept may
     have closed it behind our back: it is opened once more. */
  async function within(name, mode, act) {
    for (let attempt = 0; attempt < 2; attempt += 1) {
      try {
        opened ??= open();
        const transaction = (await opened).transaction(name, mode);
        return await new Promise((done, fail) => {
          const request = act(transaction.objectStore(name));
          transaction.oncomplete = () => done(request?.result);
          transaction.onabort = transaction.onerror = () => fail(transaction.error);
        });
      } catch {
        opened = null;
      }
    }
    return null;
  }
  const get = (name, key) => within(name, 'readonly', (rows) => rows.get(key));
  const all = async (name) => (await within(name, 'readonly', (rows) => rows.getAll())) || [];
  const put = async (name, row) => (await within(name, 'readwrite', (rows) => rows.put(row))) !== null;
  const drop = (name, key) => within(name, 'readwrite', (rows) => rows.delete(key));
  const clear = () => Promise.all(['answers', 'files'].map((name) => within(name, 'readwrite', (rows) => rows.clear())));

  /* Only one person's, and nothing older than a week: since the clock could be believed. */
  async function keepOnly(owner) {
    for (const [name, key] of [['answers', 'key'], ['files', 'id']]) {
      for (const row of await all(name)) {
        const isBelieved = row.at > LONG_AGO && row.at < Date.now() + DAY;
        if (row.owner !== owner || (isBelieved && row.at < Date.now() - WEEK)) await drop(name, row[key]);
        else if (!isBelieved) await put(name, { ...row, at: Date.now() });
      }
    }
  }

  /* The page that lies on this phone (worker.js) shows from now on what was saved; else, opened without network, it
     would show, and send, what stood there before. */
  async function renewPage({ owner, url, writer, number, fields }) {
    const cache = await caches.open(`halaman-${owner}`);
    const found = await cache.match(url);
    if (!found) return;
    const drawn = self.DOMParser && new DOMParser().parseFromString(await found.text(), 'text/html');
    const form = drawn?.querySelector('form[data-draft-key]');
    if (!form) { await cache.delete(url); return; } // a worker cannot read it
    if (form.querySelector('[name=writer]')?.value !== writer) return; // drawn later
    form.querySelector('[name=sending]').setAttribute('value', number);
    for (const el of form.querySelectorAll('input, select, textarea')) {
      const values = fields.filter(([name]) => name === el.name).map(([, value]) => value);
      if (/radio|checkbox/.test(el.type)) el.toggleAttribute('checked', values.includes(el.value));
      else if (!values.length) continue;
      else if (el.type === 'textarea') [el.textContent] = values;
      else if (el.tagName === 'INPUT') el.setAttribute('value', values[0]);
      else for (const option of el.options) option.toggleAttribute('selected', option.value === values[0]);
    }
    await cache.put(url, new Response(`<!doctype html>${drawn.documentElement.outerHTML}`, { headers: found.headers }));
  }

  /* The server has it. */
  async function arrived(row) {
    await renewPage(row).catch(() => {});
    await drop('answers', row.key);
  }

  /* The answer to a request of ours. After a new log-in the page's token is old: it is asked for anew. */
  let token;
  async function ask(url, { page = url, headers = {}, ...options }) {
    const send = () => fetch(url, {
      ...options, redirect: 'manual', headers: { Accept: 'application/json', 'X-CSRFToken': token || '', ...headers },
    });
    token ??= self.document?.querySelector('main [name=csrfmiddlewaretoken]')?.value;
    let answer = token ? await send() : null;
    if (!answer || answer.status === 403) {
      const drawn = await fetch(page, { cache: 'no-store' });
      token = (await drawn.text()).match(/name="csrfmiddlewaretoken" value="(\w+)"/)?.[1];
      answer = await send();
    }
    return answer;
  }

  /* One sender at a time, in whichever tab or worker: what was typed later must arrive later. */
  const inTurn = (act) => (navigator.locks ? navigator.locks.request('kirim', act) : act());

  /* Send the answers of one page. `mine` is what the page itself shows: it need not lie here, where storage is forbidden
     or another tab wrote over it. `more` holds what may not lie on the phone (the NIK).
     → {state: "saved" | "offline" | "login" | "stale" | "closed" | "refused" | "trouble", faults, message} */
  const flush = (key, more = [], mine = null) => inTurn(async () => {
    let row = mine || await get('answers', key);
    if (!row?.waiting) return { state: 'saved', faults: [] };
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const result = await sent(row, more);
      const now = await get('answers', key);
      if (now?.writer !== row.writer) return result; // another tab's, or dropped meanwhile: the whole page was saved
      if (result.number > row.number) { // an older copy of this page counted on: go on above that
        row = { ...now, number: result.number + 1 };
        await put('answers', row);
      } else {
        if (now.number <= row.number) await settle(row, result);
        return result;
      }
    }
    return { state: 'trouble' };
  });

  async function sent(row, more) {
    const body = new URLSearchParams([
      ...row.fields, ...(row.with || []), ...more,
      ['owner', row.owner], ['version', row.version], ['writer', row.writer], ['sending', row.number],
    ]);
    let answer;
    try {
      answer = await ask(row.url, { method: 'POST', body });
    } catch {
      return { state: 'offline' };
    }
    if (answer.status === 200) { // of somebody else on the way, or broken off, it is no answer of ours
      const told = await answer.json().catch(() => null);
      return told?.faults ? { state: 'saved', ...told } : { state: 'trouble' };
    }
    const state = { 401: 'login', 404: 'closed', 409: 'stale', 410: 'closed', 422: 'refused' }[answer.status] || 'trouble';
    return { state, message: state === 'trouble' ? '' : (await answer.json().catch(() => ({}))).message };
  }

  function settle(row, { state, faults }) {
    if (state === 'saved' && !faults.length) return arrived(row);
    if (['offline', 'login', 'trouble'].includes(state)) return null; // waits
    return put('answers', { ...row, waiting: false, trouble: { saved: 'faulty', refused: 'faulty' }[state] || state });
  }

  /* Everything that waits, but for the page at this address, which sends for itself. */
  async function flushAll(address) {
    const results = [];
    for (const row of await all('answers')) {
      if (row.waiting && row.url !== address) results.push({ row, ...await flush(row.key) });
    }
    return results;
  }

  return { get, all, put, drop, clear, keepOnly, arrived, ask, flush, flushAll };
})();
