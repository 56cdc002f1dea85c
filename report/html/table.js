/*
 * table – rows that can be sorted, filtered and read aloud.
 *
 * tare.table({columns, rows, caption, untitled, sort, open, top}): columns and rows as html_table()
 * gives them; the caption is for screen readers alone where a heading says the same; sort is a column's key; open(row) makes the first text of a row a button; top rows are
 * shown until somebody asks for all. Filters: words that some text of the row has, "-word" for
 * those it must not have, "disk>10M", "files<5", "risk=high" for a column.
 */
'use strict';

tare.parseFilter = (text, columns) => {
	const find = (name) => columns.findIndex((column) =>
		column.key === name || column.key.startsWith(name) ||
		column.title.toLowerCase().startsWith(name));

	return text.toLowerCase().split(/\s+/).filter((word) => word).map((word) => {
		const match = /^([a-z_]+)(>=|<=|>|<|=)(.+)$/.exec(word);
		const column = match ? find(match[1]) : -1;

		if (column >= 0)
			return { column, operator: match[2], wanted: match[3] };
		if (word.length > 1 && word[0] === '-')
			return { without: word.slice(1) };
		return { word };
	});
};

tare.matches = (row, terms, columns) => {
	const has = (word) => row.some((value, i) => value !== null &&
		columns[i].kind === 'text' && value.toLowerCase().includes(word));
	const compare = (term) => {
		const value = row[term.column];
		const number = tare.parseSize(term.wanted);

		if (!tare.isNumber(columns[term.column].kind))
			return term.operator === '=' && value !== null &&
				tare.show(columns[term.column].kind, value).toLowerCase()
					.includes(term.wanted);
		if (value === null || Number.isNaN(number))
			return false;
		return { '>': value > number, '<': value < number, '>=': value >= number,
			'<=': value <= number, '=': value === number }[term.operator];
	};

	return terms.every((term) => term.word ? has(term.word)
		: term.without ? !has(term.without) : compare(term));
};

tare.compareCells = (kind, a, b) => {
	if (a === null || b === null)
		return a === b ? 0 : a === null ? 1 : -1;
	if (kind.endsWith('-change'))
		return Math.abs(b) - Math.abs(a);
	if (tare.isNumber(kind))
		return b - a;
	if (kind === 'bool')
		return Number(b) - Number(a);
	return a < b ? -1 : a > b ? 1 : 0;
};

tare.table = (options) => {
	const { el } = tare;
	const { columns, rows } = options;
	const top = options.top || 25;
	const sizes = columns.map((column, c) => column.kind.startsWith('bytes')
		? Math.max(1, ...rows.map((row) => Math.abs(row[c] || 0))) : 0);
	const state = {
		column: Math.max(0, columns.findIndex((column) => column.key === options.sort)),
		reverse: false, all: rows.length <= top + 5, filter: '',
		shown: columns.map((column) => !column.hidden),
	};
	const head = el('tr', {});
	const body = el('tbody', {});
	const count = el('span', { class: 'count', role: 'status' });
	const more = el('button', { type: 'button', class: 'more', onclick: () => {
		state.all = true;
		draw();
	} });
	const rest = el('p', { class: 'print-only' });
	const nameColumn = options.name === undefined
		? columns.findIndex((column) => column.kind === 'text')
		: columns.findIndex((column) => column.key === options.name);

	const drawHead = () => {
		head.replaceChildren(...columns.map((column, c) => state.shown[c]
			? el('th', { scope: 'col', class: tare.isNumber(column.kind) ? 'number' : null,
				'aria-sort': c !== state.column || !options.sort ? null
					: state.reverse === tare.isNumber(column.kind)
						? 'ascending' : 'descending' },
			column.title ? el('button', { type: 'button', onclick: () => {
				state.reverse = state.column === c && options.sort
					? !state.reverse : false;
				state.column = c;
				options.sort = column.key;
				draw();
				head.querySelectorAll('button')[
					state.shown.slice(0, c).filter((is) => is).length].focus();
			} }, column.title) : null)
			: null).filter((cell) => cell));
	};

	const drawCell = (row, c) => {
		const column = columns[c];
		const text = tare.show(column.kind, row[c]);
		const isName = c === nameColumn;
		const cell = el(isName ? 'th' : 'td', {
			scope: isName ? 'row' : null,
			class: tare.isNumber(column.kind) ? 'number' : `words c-${column.key}`,
			'data-value': column.kind === 'text' && text.length < 12 ? text : null,
		}, isName && options.open
			? el('button', { type: 'button', class: 'link', onclick: () => options.open(row) },
				text)
			: text);

		if (sizes[c] && row[c]) {
			cell.classList.add('bar', row[c] < 0 ? 'less' : 'more');
			cell.style.setProperty('--part', `${100 * Math.abs(row[c]) / sizes[c]}%`);
		}
		return cell;
	};

	const draw = () => {
		const terms = tare.parseFilter(state.filter, columns);
		const kind = columns[state.column].kind;
		const found = rows.filter((row) => tare.matches(row, terms, columns) &&
			(!options.keep || options.keep(row)));

		if (options.sort) {
			const order = new Map(found.map((row, i) => [row, i]));

			found.sort((a, b) => {
				const by = tare.compareCells(kind, a[state.column], b[state.column]);

				return (state.reverse ? -by : by) || order.get(a) - order.get(b);
			});
		}
		const visible = state.all ? found : found.slice(0, top);

		drawHead();
		body.replaceChildren(...visible.map((row) => el('tr', {},
			...columns.map((_, c) => state.shown[c] ? drawCell(row, c) : null))));
		count.textContent = found.length === rows.length
			? tare.count(rows.length) : `${tare.count(found.length)} of ${tare.count(rows.length)}`;
		more.hidden = visible.length === found.length;
		rest.hidden = more.hidden;
		rest.textContent = `The first ${visible.length} of ${tare.count(found.length)}.`;
		more.textContent = `Show all ${tare.count(found.length)}`;
	};

	const chooser = el('details', { class: 'chooser' }, el('summary', {}, 'Columns'),
		el('div', { class: 'menu' }, ...columns.map((column, c) => el('label', {},
			el('input', { type: 'checkbox', checked: state.shown[c],
				onchange: (event) => {
					state.shown[c] = event.target.checked;
					draw();
				} }), column.title || column.key))));
	const filter = el('input', { type: 'search', placeholder: options.hint || 'Filter',
		'aria-label': `Filter: ${options.caption}`, spellcheck: 'false',
		oninput: (event) => {
			state.filter = event.target.value;
			draw();
		} });
	const box = el('div', { class: 'table' }, options.untitled ? null
		: el('p', { class: 'title', 'aria-hidden': 'true' }, options.caption),
		rows.length > 8 || options.tools
			? el('div', { class: 'tools' }, filter, ...(options.tools || []), chooser, count)
			: null,
		el('div', { class: 'scroll' }, el('table', {},
			el('caption', {}, options.caption), el('thead', {}, head), body)),
		more, rest);

	box.redraw = draw;
	draw();
	return box;
};
