/* Files go up in pieces as soon as they are chosen, and go on where they stopped, also after a reload.
   <input type="file" data-pieces> in a form; within <div data-slot="address"> the slot alone is sent and drawn anew,
   else the button named by data-send is pressed. Photographs are made as small as a reader needs first. */
(() => {
  'use strict';

  const SIDE = 2000;
  const SMALL = 300e3;
  const PIECE = { first: 64 * 1024, most: 256 * 1024 };
  const AGAIN = 10000;
  const store = self.lspStore;
  const owner = document.querySelector('meta[name=draft-owner]')?.content;
  const inputs = document.querySelectorAll('input[type=file][data-pieces]');
  if (!inputs.length || !store || !owner) return;

  /* --- smaller photographs --- */

  const OFFER = 'Kecilkan foto sebelum dikirim (hemat kuota)';
  const remembered = (value) => {
    try { if (value !== undefined) localStorage.setItem('foto-asli', value); return localStorage.getItem('foto-asli') === 'ya'; } catch { return false; }
  };
  const field = inputs[0].closest('.field');
  (field || inputs[0].form).insertAdjacentHTML(field ? 'beforebegin' : 'afterbegin', `<div class="choice choice--light"><input type="checkbox" id="foto-kecil"${remembered() ? '' : ' checked'}>
    <label for="foto-kecil">${OFFER}</label></div>`);
  const wantsSmall = document.querySelector('#foto-kecil');
  wantsSmall.onchange = () => remembered(wantsSmall.checked ? 'tidak' : 'ya');

  async function shrink(file) {
    if (!wantsSmall.checked || !file.type.startsWith('image/') || file.size <= SMALL) return file;
    try {
      const photo = await createImageBitmap(file, { imageOrientation: 'from-image' }); // upright, as EXIF says
      const scale = Math.min(1, SIDE / Math.max(photo.width, photo.height));
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [photo.width * scale, photo.height * scale].map(Math.round);
      const pen = canvas.getContext('2d');
      pen.fillStyle = '#fff'; // transparent parts would turn black
      pen.fillRect(0, 0, canvas.width, canvas.height);
      pen.drawImage(photo, 0, 0, canvas.width, canvas.height);
      const light = await new Promise((done) => { canvas.toBlob(done, 'image/jpeg', 0.8); });
      return light && light.size < file.size ? new File([light], file.name.replace(/\.\w+$/, '.jpg'), { type: light.type }) : file;
    } catch {
      return file; // no picture that this browser can read: the server says what it is
    }
  }

  /* --- one file --- */

  class Refused extends Error {}
  const UNREADABLE = 'Berkas ini tidak dapat dibaca lagi di perangkat ini. Pilih sekali lagi.';
  const isUnreadable = (error) => ['NotReadableError', 'NotFoundError'].includes(error.name);
  const base64 = (bytes) => btoa(Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join(''));
  const hex = (bytes) => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');
  const digest = async (blob) => crypto.subtle.digest('SHA-256', await blob.arrayBuffer());
  const text = (words) => base64(new TextEncoder().encode(words));

  async function ask(url, options) {
    const answer = await store.ask(url, {
      ...options, page: location.pathname, headers: { 'Tus-Resumable': '1.0.0', ...options.headers },
    });
    if (answer.status === 401) throw new Refused('Sesi Anda berakhir. Muat ulang halaman untuk masuk kembali; unggahan dilanjutkan sesudah itu.');
    if (answer.status >= 500) throw new Error('trouble');
    if (!answer.ok && answer.status !== 409 && answer.status !== 460) {
      const refusal = new Refused(answer.headers.get('Content-Type')?.startsWith('text/plain') ? await answer.text() : 'Berkas ini belum dapat diunggah. Muat ulang halaman lalu coba lagi.');
      refusal.isFinal = true;
      throw refusal;
    }
    return answer;
  }

  /* The id under which the whole file lies on the server. */
  async function transfer(file, progress) {
    const begun = await ask('/akun/unggahan/', {
      method: 'POST',
      headers: {
        'Upload-Length': file.blob.size,
        'Upload-Metadata': `filename ${text(file.name)},sha256 ${text(file.sha256)},place ${text(`${file.page}:${file.field}`)}`,
      },
    });
    const place = begun.headers.get('Location');
    let offset = Number(begun.headers.get('Upload-Offset'));
    let size = PIECE.first;
    while (offset < file.blob.size) {
      progress(offset / file.blob.size);
      const piece = file.blob.slice(offset, offset + size);
      const started = performance.now();
      const answer = await ask(place, {
        method: 'PATCH',
        body: await piece.arrayBuffer(),
        headers: {
          'Content-Type': 'application/offset+octet-stream',
          'Upload-Offset': offset,
          'Upload-Checksum': `sha256 ${base64(await digest(piece))}`,
        },
      });
      if (answer.status === 460) continue; // damaged on its way: once more
      offset = Number(answer.headers.get('Upload-Offset'));
      if (performance.now() - started < 1000) size = Math.min(size * 2, PIECE.most);
    }
    progress(1);
    return place.split('/').at(-2);
  }

  /* --- what the person sees --- */

  function bar(input, name) {
    const box = document.createElement('div');
    box.className = 'upload';
    box.innerHTML = '<p role="status"></p><progress max="100" value="0" aria-label="Kemajuan unggahan"></progress><button type="button" class="btn btn--link">Batalkan unggahan</button>';
    const [line, progress, stop] = box.children;
    input.after(box);
    return {
      tell: (words) => { if (line.textContent !== words) line.textContent = `${name}: ${words}`; },
      show: (part) => { progress.value = Math.round(part * 100); progress.textContent = `${progress.value}%`; },
      end: () => box.remove(),
      refuse: () => { progress.remove(); stop.remove(); box.classList.add('field__error'); },
      stop,
      percent: () => progress.value,
    };
  }

  /* Where the page has no answers of its own, its sign says what became of the files. */
  const clock = () => new Date().toLocaleTimeString('id-ID', { hour: '2-digit', minute: '2-digit' }).replace(':', '.');
  function say(words, tone = 'neutral') {
    const sign = document.querySelector('[data-slot]') && document.querySelector('[data-sign]');
    if (!sign) return;
    sign.className = `sign is-${tone}`;
    if (sign.textContent !== words) sign.textContent = words;
  }

  const link = () => new Promise((done) => {
    const timer = setTimeout(done, AGAIN);
    addEventListener('online', () => { clearTimeout(timer); done(); }, { once: true });
  });

  /* --- one after the other --- */

  const running = new Set();
  let leaving = null;
  let isRefused = false; // since the last press: nobody is taken away from what they have to read
  let wait = null;
  let turn = Promise.resolve();

  function take(file, input) {
    const view = bar(input, file.name);
    const target = { slot: input.closest('[data-slot]'), form: input.form, send: input.dataset.send }; // slots are drawn anew
    running.add(file.id);
    view.tell('menunggu giliran');
    view.stop.onclick = async () => {
      file.isStopped = true;
      running.delete(file.id);
      await store.drop('files', file.id);
      view.end();
      goOn();
    };
    const done = turn.then(() => bring(file, target, view)).catch(() => {});
    turn = done;
    return done;
  }

  async function bring(file, target, view) {
    while (!file.isStopped) {
      try {
        view.tell('mengunggah');
        say('Mengunggah…');
        const id = await transfer(file, (part) => {
          if (file.isStopped) throw new Refused('');
          view.show(part);
          if (part) view.tell(`mengunggah, sebagian tersimpan ${clock()}`);
        });
        await handIn(file, id, target);
        break;
      } catch (error) {
        if (file.isStopped) return;
        const isGone = isUnreadable(error); // changed or taken away, and no copy of it lies here
        if (error instanceof Refused || isGone) {
          if (error.isFinal || isGone) await store.drop('files', file.id);
          running.delete(file.id);
          view.tell(isGone ? UNREADABLE : error.message);
          view.refuse();
          say(`Belum tersimpan: ${file.name}`, 'warning');
          isRefused = true;
          goOn();
          return;
        }
        view.tell(`tanpa jaringan${view.percent() ? `, ${view.percent()}% sudah terkirim` : ''}. Dilanjutkan sendiri.`);
        say(`Tanpa jaringan, belum tersimpan: ${file.name}. ${file.isKept ? 'Berkasnya disimpan di ponsel ini.' : 'Jangan tutup halaman ini.'}`, 'warning');
        await link();
      }
    }
    running.delete(file.id);
    view.end();
    goOn();
  }

  async function handIn(file, id, { slot, form, send }) {
    if (!slot) {
      const field = document.createElement('input');
      Object.assign(field, { type: 'hidden', name: `pieces-${file.field}`, value: id });
      form.append(field);
      await store.drop('files', file.id);
      leaving ??= form.querySelector(`[name=${send}]`);
      return;
    }
    const answer = await ask(slot.dataset.slot, { method: 'POST', body: new URLSearchParams({ [`pieces-${file.field}`]: id }) });
    await store.drop('files', file.id);
    const others = [...slot.querySelectorAll('.upload')].slice(0, -1); // files of the same slot that still wait
    const drawn = await answer.text();
    const wasHere = slot.contains(document.activeElement);
    slot.innerHTML = drawn;
    const fresh = slot.querySelector('input[type=file]');
    if (wasHere) (fresh || slot.querySelector('button'))?.focus({ preventScroll: true });
    others.forEach((box) => fresh?.after(box));
    if (slot.querySelector('.slot--error')) say(`Belum tersimpan: ${file.name}`, 'warning');
    else say(`Tersimpan ${clock()}`, 'success');
  }

  /* Whoever presses a button while files are going up goes on when they are there. */
  function goOn() {
    if (running.size) return;
    if (isRefused) {
      leaving = null;
      const form = inputs[0].form || document.querySelector('form[enctype]');
      if (wait || form?.querySelector('[name^="pieces-"]')) tellWait(form, 'Ada berkas yang tidak terunggah. Periksa, lalu tekan tombolnya lagi.');
      return;
    }
    if (!leaving) return;
    const button = leaving;
    leaving = null;
    button.form.querySelectorAll('input[type=file][data-pieces]').forEach((input) => { input.value = ''; });
    button.form.requestSubmit(button);
  }
  function tellWait(form, words) {
    wait ??= document.createElement('p');
    wait.setAttribute('role', 'status');
    form.querySelector('.actions').before(wait);
    wait.textContent = words;
  }
  document.addEventListener('submit', (event) => {
    isRefused = false;
    if (!running.size || !event.target.querySelector('[data-pieces]')) return;
    event.preventDefault();
    leaving = event.submitter;
    tellWait(event.target, 'Menunggu unggahan selesai, lalu dilanjutkan sendiri.');
  }, true);

  document.addEventListener('change', async ({ target: input }) => {
    if (!input.matches('input[type=file][data-pieces]')) return;
    const chosen = [...input.files];
    const ready = await Promise.all(chosen.map(shrink));
    if (!chosen.length || chosen.some((file, i) => file !== input.files[i])) return; // chosen anew meanwhile
    if (!crypto.subtle) { // no https: sent in one go
      const light = new DataTransfer();
      ready.forEach((file) => light.items.add(file));
      input.files = light.files;
      input.form.requestSubmit(input.form.querySelector(`[name=${input.dataset.send}]`));
      return;
    }
    input.value = '';
    for (const blob of ready) {
      const sha256 = await digest(blob).then(hex, () => null);
      if (!sha256) { // emptied or moved since it was chosen, or in a cloud that does not answer
        const view = bar(input, blob.name);
        view.tell(UNREADABLE);
        view.refuse();
        say(`Belum tersimpan: ${blob.name}`, 'warning');
        continue;
      }
      const file = {
        id: crypto.randomUUID(), owner, page: location.pathname, field: input.name, name: blob.name, blob, sha256, at: Date.now(),
      };
      file.isKept = await store.put('files', file);
      // From here on the copy, whatever becomes of the file.
      if (file.isKept) file.blob = (await store.get('files', file.id))?.blob || blob;
      take(file, input);
    }
  });

  for (const input of inputs) if (input.files.length) input.dispatchEvent(new Event('change', { bubbles: true })); // chosen before

  /* What a reload or a dead phone broke off. */
  (async () => {
    for (const file of await store.all('files')) {
      const input = file.owner === owner && file.page === location.pathname && document.querySelector(`input[type=file][name="${file.field}"]`);
      if (input) take(Object.assign(file, { isKept: true }), input);
    }
  })();
})();
