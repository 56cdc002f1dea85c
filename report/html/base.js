/*
 * base – what all parts of a page use: the data, elements, numbers in words, the look.
 *
 * Elements are made by tare.el() and tare.svg() from texts; nothing of the data is ever read as
 * markup.
 */
'use strict';

const tare = {
	data: JSON.parse(document.getElementById('data').textContent),
};

/* el('a', {href: '#x', class: 'y', onclick: f}, 'text', child, ...): null children are left out */
tare.make = (node, attributes, children) => {
	for (const [name, value] of Object.entries(attributes || {})) {
		if (value === null || value === undefined || value === false)
			continue;
		if (typeof value === 'function')
			node.addEventListener(name.slice(2), value);
		else
			node.setAttribute(name, value === true ? '' : value);
	}
	node.append(...children.flat().filter((child) => child !== null && child !== undefined));
	return node;
};

tare.el = (tag, attributes, ...children) =>
	tare.make(document.createElement(tag), attributes, children);

tare.svg = (tag, attributes, ...children) =>
	tare.make(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);

tare.bytes = (bytes) => {
	const base = tare.data.units === 'si' ? 1000 : 1024;
	const names = tare.data.units === 'si' ? ['kB', 'MB', 'GB', 'TB', 'PB']
					       : ['KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
	let value = Math.abs(bytes);
	let unit = 'B';

	for (let i = 0; value >= base && i < names.length; i++) {
		value /= base;
		unit = names[i];
	}
	return (bytes < 0 ? '\u2212' : '') + (unit === 'B' ? String(value) : value.toFixed(1)) +
		'\u00a0' + unit;
};

tare.count = (count) => count.toLocaleString('en-US').replace('-', '\u2212');

tare.percent = (part, whole) => (whole ? (100 * part / whole).toFixed(1) : '0.0') + '\u00a0%';

tare.signed = (text, value) => (value > 0 ? '+' : '') + text;

tare.plural = (count, noun) => `${tare.count(count)} ${noun}${count === 1 ? '' : 's'}`;

/* A cell of a table in words; the kinds are those of html_table() */
tare.show = (kind, value) => {
	if (value === null || value === undefined)
		return '';
	switch (kind) {
	case 'bytes': return tare.bytes(value);
	case 'count': return tare.count(value);
	case 'bytes-change': return tare.signed(tare.bytes(value), value);
	case 'count-change': return tare.signed(tare.count(value), value);
	case 'bool': return value ? 'yes' : 'no';
	default: return String(value);
	}
};

tare.isNumber = (kind) => kind !== 'text' && kind !== 'bool';

/* "10M", "1.5 GiB", "300": what filters understand; NaN otherwise */
tare.parseSize = (text) => {
	const match = /^([0-9]*\.?[0-9]+)\s*([kmgt]?)(i?b)?$/i.exec(text);

	if (!match)
		return NaN;
	const power = ['', 'k', 'm', 'g', 't'].indexOf(match[2].toLowerCase());
	const base = /^b$/i.test(match[3] || '') ? 1000 : 1024;

	return Number(match[1]) * base ** power;
};

/* Dark or light: as the system says until the button is used */
tare.theme = (button) => {
	const system = window.matchMedia('(prefers-color-scheme: dark)');
	const root = document.documentElement;
	const isDark = () => root.dataset.theme ? root.dataset.theme === 'dark' : system.matches;
	const say = () => {
		button.textContent = isDark() ? 'Light' : 'Dark';
		button.setAttribute('aria-label', `Use the ${isDark() ? 'light' : 'dark'} look`);
	};

	button.addEventListener('click', () => {
		root.dataset.theme = isDark() ? 'light' : 'dark';
		say();
	});
	system.addEventListener('change', say);
	button.hidden = false;
	say();
};

/* A section of the page: fill it, or leave it out together with its link */
tare.section = (id, ...children) => {
	const section = document.getElementById(id);
	const link = document.querySelector(`nav a[href="#${id}"]`);
	const isEmpty = children.flat().filter((child) => child).length === 0;

	section.hidden = isEmpty;
	if (link)
		link.parentElement.hidden = isEmpty;
	section.append(...children.flat().filter((child) => child));
};

tare.card = (label, value, note, extra) =>
	tare.el('div', { class: 'card' },
		tare.el('dt', {}, label),
		tare.el('dd', {}, tare.el('strong', {}, value),
			note ? tare.el('span', { class: 'note' }, note) : null, extra || null));
