/* Set-up forms: pieces that are inserted by a click, a small toolbar for Markdown, the live preview of a page.
   Every form works without it: pieces and signs can be typed, the preview opens in a page of its own. */
(() => {
  'use strict';

  const typed = (field) => field.dispatchEvent(new Event('input', { bubbles: true }));

  /* <button data-insert="{{ nama }}" data-into="id_body id_subject">: into the one that was last written in. */
  let last = null;
  document.addEventListener('focusin', ({ target }) => { if (target.matches('input, textarea')) last = target; });
  document.addEventListener('click', ({ target }) => {
    const chip = target.closest('[data-insert]');
    if (!chip) return;
    const allowed = chip.dataset.into.split(' ');
    const field = last && allowed.includes(last.id) ? last : document.getElementById(allowed[0]);
    if (!field) return;
    field.focus();
    field.setRangeText(chip.dataset.insert, field.selectionStart, field.selectionEnd, 'end');
    typed(field);
  });

  /* Markdown: what each button does to the chosen text. */
  const around = (sign, sample) => (text) => `${sign}${text || sample}${sign}`;
  const eachLine = (sign, sample) => (text) => (text || sample).split('\n').map((line, at) => sign(at) + line).join('\n');
  const ACTS = [
    ['format_bold', 'Tebal', around('**', 'tulisan tebal'), false],
    ['format_italic', 'Miring', around('*', 'tulisan miring'), false],
    ['title', 'Judul bagian', eachLine(() => '## ', 'Judul bagian'), true],
    ['format_list_bulleted', 'Daftar butir', eachLine(() => '- ', 'butir'), true],
    ['format_list_numbered', 'Daftar bernomor', eachLine((at) => `${at + 1}. `, 'langkah'), true],
    ['link', 'Tautan', (text) => `[${text || 'tulisan'}](https://)`, false],
  ];

  function apply(field, act, wholeLines) {
    let { selectionStart: from, selectionEnd: to } = field;
    if (wholeLines) {
      from = field.value.lastIndexOf('\n', from - 1) + 1;
      const end = field.value.indexOf('\n', to);
      to = end < 0 ? field.value.length : end;
    }
    field.focus();
    field.setRangeText(act(field.value.slice(from, to)), from, to, wholeLines ? 'end' : 'select');
    typed(field);
  }

  function addToolbar(field) {
    const bar = document.createElement('div');
    bar.className = 'bo-markdown';
    bar.setAttribute('role', 'toolbar');
    bar.setAttribute('aria-label', 'Bentuk tulisan');
    for (const [icon, title, act, wholeLines] of ACTS) {
      const button = document.createElement('button');
      button.type = 'button';
      button.title = title;
      button.setAttribute('aria-label', title);
      button.innerHTML = `<span class="material-symbols-outlined" aria-hidden="true">${icon}</span>`;
      button.addEventListener('click', () => apply(field, act, wholeLines));
      bar.append(button);
    }
    field.before(bar);
  }

  /* The portal itself, drawn with what stands in the form; where the reader was in it stays in sight. */
  function followForm(pane) {
    const frame = pane.querySelector('iframe');
    const form = document.getElementById(pane.dataset.form);
    const names = pane.dataset.fields.split(' ');
    let wait, scrolled = 0;
    /* Without network the frame shows the browser's own page, which no script may look into. */
    const within = (act) => { try { act(frame.contentWindow); } catch { /* the next drawing replaces it */ } };
    frame.addEventListener('load', () => within((view) => view.scrollTo(0, scrolled)));
    const draw = () => {
      within((view) => { scrolled = view.scrollY; });
      const post = document.createElement('form');
      Object.assign(post, { method: 'post', action: pane.dataset.address, target: frame.name, hidden: true });
      for (const name of [...names, 'csrfmiddlewaretoken']) {
        const input = document.createElement('textarea');
        input.name = name;
        input.value = form.elements[name]?.value ?? '';
        post.append(input);
      }
      document.body.append(post);
      post.submit();
      post.remove();
    };
    form.addEventListener('input', ({ target }) => {
      if (!names.includes(target.name)) return;
      clearTimeout(wait);
      wait = setTimeout(draw, 600);
    });
    for (const button of pane.querySelectorAll('[data-width]')) {
      button.addEventListener('click', () => {
        pane.querySelectorAll('[data-width]').forEach((other) => other.setAttribute('aria-pressed', other === button));
        frame.style.maxWidth = button.dataset.width;
      });
    }
    for (const button of pane.querySelectorAll('[data-language]')) {
      button.addEventListener('click', () => {
        pane.querySelectorAll('[data-language]').forEach((other) => other.setAttribute('aria-pressed', other === button));
        pane.dataset.address = button.dataset.language;
        draw();
      });
    }
    if (names.some((name) => form.elements[name]?.value !== form.elements[name]?.defaultValue)) draw(); // came back with an error
  }

  document.addEventListener('DOMContentLoaded', () => {
    document.querySelectorAll('textarea[data-markdown]').forEach(addToolbar);
    document.querySelectorAll('[data-preview]').forEach(followForm);
  });
})();
