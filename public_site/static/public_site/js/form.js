/* A page of a form that saves itself: <form data-draft-key data-draft-version [data-autosave]>.
   What is typed lies on the phone at once (store.js) and goes to the server when the typing rests; a form without
   data-autosave is only kept on the phone. The sign [data-sign] says where the answers are. A form with data-sends
   is sent as a whole: pressed without network, a complaint ("later") goes by itself when the link is back, while an
   appeal, which is signed, waits for another press. */
(() => {
  'use strict';

  const REST = 1200; // ms without typing
  const AGAIN = 15000;
  const store = self.lspStore;
  const form = document.querySelector('form[data-draft-key]');

  /* What a NIK tells, below its field: <div data-derive="address" data-into="#id">. */
  document.addEventListener('change', async ({ target }) => {
    const part = target.closest('[data-derive]');
    if (!part || !navigator.onLine) return;
    const answer = await store.ask(part.dataset.derive, {
      page: location.pathname, method: 'POST', body: new URLSearchParams({ [target.name]: target.value }),
    }).catch(() => null);
    if (answer?.ok) document.querySelector(part.dataset.into).innerHTML = await answer.text();
  });
  /* On a slow link somebody was done with it before this file came. */
  for (const el of document.querySelectorAll('[data-derive] input')) {
    if (el !== document.activeElement && el.value !== el.defaultValue) el.dispatchEvent(new Event('change', { bubbles: true }));
  }

  if (!form || !store) return;

  const key = form.dataset.draftKey;
  const owner = key.split('-')[0];
  const isKeptPage = 'kept' in document.body.dataset; // from this phone, not from the server
  const savesItself = 'autosave' in form.dataset;
  const sign = document.querySelector('[data-sign]');
  const clock = () => new Date().toLocaleTimeString('id-ID', { hour: '2-digit', minute: '2-digit' }).replace(':', '.');
  const hidden = (name) => form.querySelector(`[name=${name}]`);

  const tell = (text, tone = 'neutral') => {
    sign.className = `sign is-${tone}`;
    if (sign.textContent !== text) sign.textContent = text;
  };

  /* The fields as they stand. What is marked data-no-draft never lies on the phone. */
  const controls = () => [...form.elements].filter((el) => el.name && !/password|file|hidden|submit|button/.test(el.type));
  const isBox = (el) => /radio|checkbox/.test(el.type);
  const pairs = (wanted) => controls().filter((el) => wanted(el) && (!isBox(el) || el.checked)).map((el) => [el.name, el.value]);
  const isOpen = (el) => !el.matches('[data-no-draft]');
  const open = () => pairs(isOpen);
  const secret = () => pairs((el) => !isOpen(el) && el.value !== el.defaultValue);
  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

  function fill(fields) {
    for (const el of controls().filter(isOpen)) {
      const values = fields.filter(([name]) => name === el.name).map(([, value]) => value);
      if (isBox(el)) el.checked = values.includes(el.value);
      else if (values.length) [el.value] = values;
    }
  }

  const { sends } = form.dataset; // undefined: saved page by page
  let isPressed = false;
  let number = Number(hidden('sending')?.value) || 0;
  let told = number; // the last number that the server gave an answer to
  let timer;
  let busy = false;
  let isKept = true;
  let writing = Promise.resolve();

  const record = () => ({
    key, owner, url: location.pathname, title: document.querySelector('h1').lastChild.textContent.trim(), at: Date.now(),
    version: hidden('version')?.value || form.dataset.draftVersion, writer: hidden('writer')?.value || '',
    number, fields: open(), waiting: savesItself, with: isPressed && sends ? pressed() : [],
  });
  /* What goes along with a press, and nowhere else: hidden fields marked data-with. */
  const pressed = () => [['pressed', 1], ...[...form.querySelectorAll('[data-with]')].map((el) => [el.name, el.value])];
  const write = (row) => { writing = writing.then(() => store.put('answers', row)).then((done) => { isKept = done; }); return writing; };

  function say({ state, faults = [], message }) {
    const but = isKept && secret().length ? ', kecuali NIK' : '';
    const later = isPressed ? `. ${sends ? 'Dikirim sendiri' : 'Belum dikirim: tekan tombolnya lagi'} begitu tersambung.` : '';
    const words = {
      saved: faults.length ? `Tersimpan ${clock()}. Belum tersimpan: ${faults.join(', ')}.` : `Tersimpan ${clock()}`,
      offline: (isKept ? 'Tanpa jaringan: disimpan di ponsel ini' : 'Tanpa jaringan, belum tersimpan: jangan tutup halaman ini') + but + later,
      login: isKept ? 'Sesi Anda berakhir. Isian disimpan di ponsel ini; tekan Simpan untuk masuk kembali.'
        : 'Sesi Anda berakhir. Jangan tutup halaman ini: tekan Simpan untuk masuk kembali.',
      trouble: 'Belum tersimpan karena ada gangguan. Dicoba lagi sendiri; jangan tutup halaman ini.',
      stale: message || 'Halaman ini sudah disimpan dari perangkat lain.',
    };
    tell(words[state] || `Belum ${isPressed ? 'terkirim' : 'tersimpan'}. ${message || 'Bagian ini sudah tidak dapat diubah.'}`, state === 'saved' && !faults.length ? 'success' : 'warning');
    if (state !== 'stale') return;
    const compare = document.createElement('button');
    Object.assign(compare, { name: 'compare', value: 1, className: 'btn btn--link', textContent: 'Bandingkan' });
    sign.append(' ', compare);
  }

  async function send() {
    clearTimeout(timer);
    if (!savesItself || busy || number === told) return;
    busy = true;
    const secrets = secret();
    if (secrets.length) number += 1; // the worker may have sent all but these under the same number
    const sending = number;
    tell('Menyimpan…');
    await writing;
    const result = await store.flush(key, secrets, record());
    busy = false;
    if (!['offline', 'login', 'trouble'].includes(result.state)) told = sending;
    if (result.sent) { location.replace(result.sent); return; }
    if (number !== sending) { timer = setTimeout(send, REST); tell('Belum tersimpan'); return; } // typed on meanwhile
    if (result.state === 'saved' && !result.faults.length) {
      if (isKeptPage) { reload(); return; }
      markSaved();
    }
    say(result);
    // A link that is there and carries nothing never says that it is back.
    if (result.state === 'trouble' || (result.state === 'offline' && navigator.onLine)) timer = setTimeout(send, AGAIN);
    if (result.state === 'offline') askForSync();
  }

  /* The page as the server has it, which still says what was just saved. */
  const NOTE = 'tersimpan';
  function reload() {
    try { sessionStorage.setItem(NOTE, `${key} ${clock()}`); } catch { /* then it says nothing */ }
    location.replace(location.pathname);
  }
  function tellSaved() {
    try {
      const [savedKey, time] = (sessionStorage.getItem(NOTE) || '').split(' ');
      sessionStorage.removeItem(NOTE);
      if (savedKey === key) tell(`Tersimpan ${time}`, 'success');
    } catch { /* no storage, no note */ }
  }

  /* From now on this is what the page was drawn with. */
  const markSaved = () => controls().forEach((el) => { if (!isOpen(el)) el.defaultValue = el.value; });

  const askForSync = async () => (await navigator.serviceWorker?.getRegistrations())?.[0]?.sync?.register('kirim').catch(() => {});

  form.addEventListener('input', ({ target }) => {
    if (target.type === 'file') return;
    number += 1;
    isPressed = false;
    if (savesItself) tell('Belum tersimpan');
    write(record()).then(() => { if (!savesItself) tell(isKept ? `Disimpan di ponsel ini ${clock()}` : '', 'neutral'); });
    clearTimeout(timer);
    timer = setTimeout(send, REST);
  });

  /* The script of uploads is fetched when somebody turns to the input, or a file from before waits for this page. */
  function fetchUploads() {
    const address = form.dataset.uploads;
    if (!address) return;
    delete form.dataset.uploads;
    document.head.append(Object.assign(document.createElement('script'), { src: address }));
  }
  for (const turn of ['focusin', 'change']) form.addEventListener(turn, ({ target }) => { if (target.type === 'file') fetchUploads(); });
  const isChosen = [...form.querySelectorAll('input[type=file]')].some((el) => el.files.length); // before this file came
  store.all('files').then((files) => { if (isChosen || files.some(({ page }) => page === location.pathname)) fetchUploads(); });

  addEventListener('online', send);
  addEventListener('offline', () => { if (busy || sign.textContent === 'Belum tersimpan') say({ state: 'offline' }); });

  /* The button: numbered like everything that this page sends. Without network the answers wait here. */
  form.addEventListener('submit', (event) => {
    if (event.defaultPrevented) return; // files are still going up
    clearTimeout(timer);
    if (!navigator.onLine && savesItself) {
      event.preventDefault();
      number += 1;
      isPressed = sends !== undefined;
      write(record()).then(() => { say({ state: 'offline' }); askForSync(); });
      sign.scrollIntoView({ block: 'nearest' });
      return;
    }
    if (!savesItself) return;
    number += 1;
    hidden('sending').value = number;
    write(record());
    if (!isKeptPage) return;
    event.preventDefault(); // first what was typed, then the page as the server has it
    send();
  });

  function tellRestored() {
    form.insertAdjacentHTML('beforebegin', `<div class="note is-info"><div class="note__body">
      <p>Isian yang belum terkirim dipulihkan dari ponsel ini.</p>
      <button type="button" class="btn btn--link">Buang isian ini</button></div></div>`);
    const note = form.previousElementSibling;
    note.querySelector('button').onclick = async () => {
      clearTimeout(timer);
      await store.drop('answers', key);
      location.replace(location.pathname);
    };
  }

  /* On a slow link somebody answers before this file comes. What a browser puts back by itself (a reload, the way back)
     is older than the page and no answer. One too old to say how the page was opened is believed. */
  const isPutBack = () => ['reload', 'back_forward'].includes(performance.getEntriesByType('navigation')[0]?.type);
  const isAnswered = () => !isPutBack()
    && controls().some((el) => {
      if (isBox(el)) return el.checked !== el.defaultChecked;
      if (el.options) return el.selectedIndex > 0 && !el.options[el.selectedIndex].defaultSelected;
      return el.value !== el.defaultValue;
    });

  /* What was typed on this phone and did not arrive. It keeps the name and version of the page it was typed on, so
     that the server sees whether somebody saved something else since. */
  async function restore() {
    const arrived = document.querySelector('meta[name=draft-saved]')?.content.split(' ');
    if (arrived?.includes(key)) return; // this page is what became of it; portal.js forgets it
    const row = await store.get('answers', key);
    if (!row) {
      if (isAnswered()) form.dispatchEvent(new Event('input'));
      return;
    }
    if (same(row.fields, open())) { // it arrived, or the page of errors shows it already
      if (!row.waiting || row.version === form.dataset.draftVersion) await store.drop('answers', key);
      return;
    }
    if (!savesItself && row.version !== form.dataset.draftVersion) return; // never old text over newer
    fill(row.fields);
    form.dispatchEvent(new Event('restored', { bubbles: true }));
    tellRestored();
    number = row.number;
    told = row.waiting ? -1 : number;
    isPressed = Boolean(row.with?.length);
    if (!savesItself) return;
    hidden('version').value = row.version;
    hidden('writer').value = row.writer;
    if (row.trouble === 'stale') say({ state: 'stale' });
    else if (navigator.onLine) { if (row.waiting) send(); else tell('Belum tersimpan'); } else say({ state: 'offline' });
  }
  if (!isKeptPage) tellSaved();
  restore().then(() => { if (isKeptPage) addEventListener('online', () => { if (!number) location.replace(location.pathname); }); });
})();
