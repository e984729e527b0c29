/* Portal LSP BNPB: comfort for phones on bad links. Every page works without it. */
(() => {
  'use strict';

  const all = (selector) => document.querySelectorAll(selector);

  /* Errors: start reading where the trouble is told. */
  document.querySelector('[data-errors]')?.focus();

  /* Drafts: what the server has not taken yet stays on this phone for a week.
     <form data-draft-key="…">: the key names person, record and step.
     Storage may be full or forbidden; then there are no drafts. */
  const attempt = (act) => { try { return act(); } catch { return null; } };
  const read = (key) => attempt(() => JSON.parse(localStorage.getItem(key)));
  const drop = (key) => attempt(() => localStorage.removeItem(key));
  const drafts = () => attempt(() => Object.keys(localStorage).filter((key) => key.startsWith('draft:'))) || [];

  const kept = (form) => [...form.elements].filter((el) => (
    el.name && !/password|file|hidden|submit|button/.test(el.type) && !el.matches('[data-toggle], [data-no-draft]')));
  const checkable = (el) => /radio|checkbox/.test(el.type);
  const slot = (el) => (checkable(el) ? `${el.name}=${el.value}` : el.name);
  const part = (el) => (checkable(el) ? 'checked' : 'value');

  function tellRestored(form, key) {
    form.insertAdjacentHTML('afterbegin', `<div class="note is-info" role="status"><div class="note__body">
      <p>Isian yang belum terkirim dipulihkan dari ponsel ini.</p>
      <button type="button" class="btn btn--link">Buang isian ini</button></div></div>`);
    const note = form.firstElementChild;
    note.querySelector('button').onclick = () => { form.reset(); drop(key); note.remove(); };
  }

  const meta = (name) => document.querySelector(`meta[name=${name}]`)?.content;
  meta('draft-saved')?.split(' ').forEach((key) => drop(`draft:${key}`));
  const owner = meta('draft-owner'); // somebody else's text on a shared phone is nobody's business
  if (owner) drafts().filter((key) => !key.startsWith(`draft:${owner}-`)).forEach(drop);
  drafts().filter((key) => !(read(key)?.at > Date.now() - 7 * 864e5)).forEach(drop);
  for (const form of all('form[data-draft-key]')) {
    const key = `draft:${form.dataset.draftKey}`;
    const version = form.dataset.draftVersion || '';
    const stored = read(key);
    const values = (stored?.version === version && stored.values) || {}; // never old text over newer
    const differing = kept(form).filter((el) => slot(el) in values && values[slot(el)] !== el[part(el)]);
    differing.forEach((el) => { el[part(el)] = values[slot(el)]; });
    if (differing.length) tellRestored(form, key);
    form.addEventListener('input', () => {
      const draft = { at: Date.now(), version, values: Object.fromEntries(kept(form).map((el) => [slot(el), el[part(el)]])) };
      attempt(() => localStorage.setItem(key, JSON.stringify(draft)));
    });
  }

  /* One press sends once, but for <form data-many>; logging out drops all drafts. */
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (form.matches('[data-logout]')) drafts().forEach(drop);
    if (form.dataset.sent) event.preventDefault();
    if (event.defaultPrevented || form.matches('[data-many]')) return;
    form.dataset.sent = 'yes';
    event.submitter?.setAttribute('aria-disabled', 'true');
  });
  addEventListener('pageshow', () => all('form[data-sent]').forEach((form) => {
    delete form.dataset.sent;
    form.querySelectorAll('[aria-disabled]').forEach((el) => el.removeAttribute('aria-disabled'));
  }));

  /* Offline: say so, and say what is safe. */
  document.body.insertAdjacentHTML('beforeend', '<p class="offline" role="status"></p>');
  const offline = document.body.lastElementChild;
  const safe = document.querySelector('[data-draft-key]') ? ' Isian Anda tersimpan di ponsel ini.' : '';
  const tellLink = () => {
    offline.hidden = navigator.onLine;
    offline.textContent = navigator.onLine ? '' : `Sambungan terputus.${safe}`;
  };
  ['offline', 'online'].forEach((name) => addEventListener(name, tellLink));
  tellLink();

  /* Photos: <input type="file" data-shrink> sends what a reader needs. */
  async function shrink(file) {
    if (!file.type.startsWith('image/') || file.size <= 1.5e6) return file;
    const photo = await createImageBitmap(file);
    const scale = Math.min(1, 2000 / Math.max(photo.width, photo.height));
    const canvas = new OffscreenCanvas(photo.width * scale, photo.height * scale);
    const pen = canvas.getContext('2d');
    pen.fillStyle = '#fff'; // transparent parts would turn black
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(photo, 0, 0, canvas.width, canvas.height);
    const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.82 });
    return blob.size < file.size ? new File([blob], file.name.replace(/\.\w+$/, '.jpg'), { type: blob.type }) : file;
  }
  document.addEventListener('change', async ({ target }) => {
    if (!target.matches('[type=file][data-shrink]')) return;
    const chosen = [...target.files];
    const light = await Promise.all(chosen.map(shrink)).catch(() => chosen);
    if (chosen.some((file, i) => file !== target.files[i])) return; // chosen anew meanwhile
    const transfer = new DataTransfer();
    light.forEach((file) => transfer.items.add(file));
    target.files = transfer.files;
    target.dispatchEvent(new CustomEvent('ready', { bubbles: true }));
  });

  /* Passwords: let people see what they type. */
  for (const input of all('[type=password][data-toggle]')) {
    input.insertAdjacentHTML('afterend', '<button type="button" class="btn btn--link">Tampilkan sandi</button>');
    const toggle = input.nextElementSibling;
    toggle.onclick = () => {
      input.type = input.type === 'text' ? 'password' : 'text';
      toggle.textContent = `${input.type === 'text' ? 'Sembunyikan' : 'Tampilkan'} sandi`;
    };
  }

  /* Long answers: the room left, spoken when the typing rests. */
  for (const area of all('textarea[maxlength]')) {
    area.insertAdjacentHTML('afterend', '<p class="counter" aria-hidden="true"></p><p class="sr-only" role="status"></p>');
    const shown = area.nextElementSibling;
    const spoken = shown.nextElementSibling;
    const count = () => { shown.textContent = `Sisa ${area.maxLength - area.value.length} karakter`; };
    let rest;
    area.addEventListener('input', () => {
      count();
      clearTimeout(rest);
      rest = setTimeout(() => { spoken.textContent = shown.textContent; }, 1000);
    });
    count();
  }
})();
