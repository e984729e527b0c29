/* The wizard with HTMX: files go up as soon as they are chosen, answers are saved as they change.
   Without this script the buttons do the same. */
(() => {
  'use strict';

  /* portal.js says `ready` once a photo has been made small enough to send. */
  document.addEventListener('ready', ({ target }) => {
    const button = target.dataset.send && target.form.elements[target.dataset.send];
    if (button && target.files.length) target.form.requestSubmit(button);
  });

  const note = (text, tone = 'warning') => {
    document.querySelector('#wizard-note')?.remove();
    const box = document.createElement('div');
    box.id = 'wizard-note';
    box.className = `note is-${tone}`;
    box.setAttribute('role', 'alert');
    const body = document.createElement('div');
    body.className = 'note__body';
    const line = document.createElement('p');
    line.textContent = text;
    body.append(line);
    box.append(body);
    document.querySelector('main form')?.prepend(box);
  };

  document.addEventListener('htmx:beforeRequest', ({ target }) => target.setAttribute('aria-busy', 'true'));
  document.addEventListener('htmx:afterRequest', ({ target }) => target.removeAttribute('aria-busy'));
  document.addEventListener('htmx:afterOnLoad', () => document.querySelector('#wizard-note')?.remove());
  document.addEventListener('htmx:responseError', ({ detail }) => {
    if (detail.xhr.status === 401) note('Sesi Anda berakhir. Isian tersimpan di ponsel ini; tekan Simpan untuk masuk kembali.');
    else note('Belum tersimpan karena ada gangguan. Isian tersimpan di ponsel ini; coba lagi sebentar.');
  });
  document.addEventListener('htmx:sendError', () => note('Sambungan terputus, belum tersimpan. Isian tersimpan di ponsel ini; coba lagi saat ada sinyal.'));
})();
