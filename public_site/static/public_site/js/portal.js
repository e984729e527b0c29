/* Portal LSP BNPB: comfort for phones on bad links. Every page works without it. */
(() => {
  'use strict';

  const all = (selector) => document.querySelectorAll(selector);
  const isEnglish = document.documentElement.lang === 'en';
  const said = (indonesian, english) => (isEnglish ? english : indonesian);

  /* Errors: start reading where the trouble is told. */
  document.querySelector('[data-errors]')?.focus();

  /* Whose desk this is. What belongs to somebody else, or to nobody any more, leaves this phone (store.js). */
  const store = self.lspStore;
  const meta = (name) => document.querySelector(`meta[name=${name}]`)?.content;
  const owner = meta('draft-owner');
  const dropPages = async (but) => {
    for (const name of await caches.keys()) if (name.startsWith('halaman-') && name !== `halaman-${but}`) await caches.delete(name);
  };
  if (self.caches && !meta('offline')) dropPages(owner).catch(() => {});

  async function tidyAndSend() {
    if (document.querySelector('[data-compare]')) { // what is chosen here is not known to the page on the phone
      await (await self.caches?.open(`halaman-${owner}`))?.delete(location.pathname);
    }
    await store.keepOnly(owner);
    for (const key of meta('draft-saved')?.split(' ') || []) {
      const row = await store.get('answers', key);
      if (row) await store.arrived(row);
    }
    if (!navigator.onLine) return;
    for (const { row, ...result } of await store.flushAll(location.pathname)) tellSent(row, result);
  }
  const SAID = {
    saved: said('Isian yang disimpan di ponsel ini sudah terkirim: ', 'What was kept on this phone has been sent: '),
    stale: said('Isian di ponsel ini berbeda dengan yang tersimpan. Bandingkan: ', 'What is on this phone differs from what was saved. Compare: '),
    closed: said('Isian di ponsel ini tidak dapat dikirim lagi, bagiannya sudah ditutup: ', 'What is on this phone can no longer be sent, its part was closed: '),
    refused: said('Isian di ponsel ini belum dapat dikirim. Periksa: ', 'What is on this phone could not be sent yet. Check: '),
  };
  function tellSent({ title, url }, { state, faults, sent }) {
    const became = faults?.length ? 'refused' : state; // in part
    if (!SAID[became]) return;
    const note = document.createElement('div');
    note.className = `note is-${became === 'saved' ? 'success' : 'warning'}`;
    note.setAttribute('role', 'status');
    note.innerHTML = '<p class="note__body"></p>';
    const link = document.createElement('a');
    link.href = sent || url;
    link.textContent = title;
    note.firstChild.append(SAID[became], link);
    document.querySelector('main .page').prepend(note);
  }
  if (owner && store) {
    tidyAndSend();
    addEventListener('online', tidyAndSend);
    if (/^\/(akun|permohonan)\//.test(location.pathname)) {
      // A page whose answer was on its way while the worker began is not under it yet: it asks for that.
      const join = ({ active }) => navigator.serviceWorker.controller || active?.postMessage('claim');
      for (const scope of ['/akun/', '/permohonan/']) {
        navigator.serviceWorker?.register('/luring.js', { scope }).then(join).catch(() => {});
      }
    }
  }

  /* Logging out leaves nothing on this phone; what was not sent yet is not thrown away unasked. */
  async function leave(form) {
    const waiting = (await store.all('answers')).length + (await store.all('files')).length;
    if (waiting && !confirm(said(
      'Ada isian yang belum terkirim dari ponsel ini. Keluar akan menghapusnya. Tetap keluar?',
      'Some of what you filled in on this phone was not sent yet. Logging out deletes it. Log out all the same?',
    ))) {
      delete form.dataset.sent;
      return;
    }
    await store.clear();
    await dropPages().catch(() => {});
    form.submit();
  }

  /* One press sends once, but for <form data-many>. */
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (form.dataset.sent) event.preventDefault();
    if (!event.defaultPrevented && form.matches('[data-logout]') && store) {
      event.preventDefault();
      form.dataset.sent = 'yes';
      leave(form);
    }
    if (event.defaultPrevented || form.matches('[data-many]')) return;
    form.dataset.sent = 'yes';
    event.submitter?.setAttribute('aria-disabled', 'true');
  });
  addEventListener('pageshow', () => all('form[data-sent]').forEach((form) => {
    delete form.dataset.sent;
    form.querySelectorAll('[aria-disabled]').forEach((el) => el.removeAttribute('aria-disabled'));
  }));

  /* Offline: say so; a form says itself where its answers are. */
  document.body.insertAdjacentHTML('beforeend', '<p class="offline" role="status"></p>');
  const offline = document.body.lastElementChild;
  const tellLink = () => {
    offline.hidden = navigator.onLine;
    offline.textContent = navigator.onLine ? '' : said('Sambungan terputus.', 'You are offline.');
  };
  ['offline', 'online'].forEach((name) => addEventListener(name, tellLink));
  tellLink();

  /* Without network: what can be opened all the same. */
  const list = document.querySelector('[data-kept-pages]');
  const listPages = async () => {
    for (const name of (await caches.keys()).filter((each) => each.startsWith('halaman-'))) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        const drawn = new DOMParser().parseFromString(await (await cache.match(request)).text(), 'text/html');
        const item = document.createElement('li');
        const link = document.createElement('a');
        link.href = request.url;
        link.textContent = drawn.title.split(' – ')[0];
        item.append(link);
        list.querySelector('ul').append(item);
      }
    }
    list.hidden = !list.querySelector('li');
  };
  if (list && self.caches) listPages();

  /* Passwords: let people see what they type. */
  for (const input of all('[type=password][data-toggle]')) {
    input.insertAdjacentHTML('afterend', '<button type="button" class="btn btn--link">Tampilkan sandi</button>');
    const toggle = input.nextElementSibling;
    toggle.onclick = () => {
      input.type = input.type === 'text' ? 'password' : 'text';
      toggle.textContent = `${input.type === 'text' ? 'Sembunyikan' : 'Tampilkan'} sandi`;
    };
  }

  /* On paper everything is open: what is folded away on a screen cannot be unfolded there. */
  let unfolded = [];
  addEventListener('beforeprint', () => { unfolded = [...all('main details:not([open])')]; unfolded.forEach((el) => { el.open = true; }); });
  addEventListener('afterprint', () => unfolded.forEach((el) => { el.open = false; }));

  /* Long answers: the room left, spoken when the typing rests. */
  for (const area of all('textarea[maxlength]')) {
    area.insertAdjacentHTML('afterend', '<p class="counter" aria-hidden="true"></p><p class="sr-only" role="status"></p>');
    const shown = area.nextElementSibling;
    const spoken = shown.nextElementSibling;
    const count = () => { shown.textContent = said('Sisa # karakter', '# characters left').replace('#', area.maxLength - area.value.length); };
    let rest;
    area.addEventListener('input', () => {
      count();
      clearTimeout(rest);
      rest = setTimeout(() => { spoken.textContent = shown.textContent; }, 1000);
    });
    count();
  }
})();
