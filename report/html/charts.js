/*
 * charts – bars: where bytes are, and how a sum becomes smaller step by step.
 */
'use strict';

/*
 * Bars that begin where the one before ended. steps: [{label, value, kind}], kind "total" stands on
 * the axis, all others take away. Every bar has its number as text.
 */
tare.waterfall = (title, steps) => {
	const { svg } = tare;
	const width = 900;
	const rowHeight = 30;
	const labelWidth = 210;
	const valueWidth = 110;
	const room = width - labelWidth - valueWidth;
	const whole = Math.max(1, ...steps.map((step) => step.value));
	const scale = (value) => room * value / whole;
	const rows = [];
	let level = 0;

	steps.forEach((step, i) => {
		const y = i * rowHeight;
		const isTotal = step.kind === 'total';
		const from = isTotal ? 0 : Math.max(0, level - step.value);
		const length = scale(step.value);

		level = isTotal ? step.value : from;
		rows.push(svg('g', { class: `step ${step.group || step.kind}` },
			svg('text', { x: labelWidth - 12, y: y + 19, class: 'label' }, step.label),
			svg('rect', { x: labelWidth + scale(from), y: y + 5, width: Math.max(1.5, length),
				height: rowHeight - 10, rx: 3 }),
			i + 1 < steps.length
				? svg('line', { x1: labelWidth + scale(level), x2: labelWidth + scale(level),
					y1: y + 5, y2: y + rowHeight + 5, class: 'lead' }) : null,
			svg('text', { x: labelWidth + scale(from) + length + 8, y: y + 19, class: 'value' },
				(isTotal ? '' : '\u2212') + tare.bytes(step.value))));
	});
	return tare.el('figure', {}, tare.el('figcaption', {}, title),
		svg('svg', { class: 'waterfall', viewBox: `0 0 ${width} ${steps.length * rowHeight}`,
			role: 'img', 'aria-label': `${title}: ` + steps.map((step) =>
				`${step.label} ${tare.bytes(step.value)}`).join(', ') }, ...rows));
};

/* One bar of all parts with their names below. parts: [{label, value, group}], falling */
tare.shares = (title, parts, whole) => {
	const { svg, el } = tare;
	let x = 0;
	const boxes = parts.map((part) => {
		const width = 1000 * part.value / Math.max(1, whole);
		const box = svg('rect', { x, y: 0, width: Math.max(0, width - 1.5), height: 26,
			class: `share ${part.group}` },
		svg('title', {}, `${part.label}: ${tare.bytes(part.value)}`));

		x += width;
		return box;
	});

	return el('figure', {}, el('figcaption', {}, title),
		svg('svg', { class: 'shares', viewBox: '0 0 1000 26', preserveAspectRatio: 'none',
			'aria-hidden': 'true' }, ...boxes),
		el('ul', { class: 'legend' }, ...parts.map((part) => el('li', {},
			el('span', { class: `swatch ${part.group}`, 'aria-hidden': 'true' }),
			`${part.label} `, el('span', { class: 'note' },
				`${tare.bytes(part.value)}, ${tare.percent(part.value, whole)}`)))));
};

/* Rows with a bar to the right (came) or to the left (went) of a middle line */
tare.changes = (title, rows) => {
	const { svg, el } = tare;
	const most = Math.max(1, ...rows.map((row) => Math.abs(row.value)));
	const height = 26;
	const width = 900;
	const middle = 610;
	const room = 180;

	return el('figure', {}, el('figcaption', {}, title),
		svg('svg', { class: 'changes', viewBox: `0 0 ${width} ${rows.length * height}`,
			role: 'img', 'aria-label': `${title}: ` + rows.map((row) =>
				`${row.label} ${tare.show('bytes-change', row.value)}`).join(', ') },
		...rows.map((row, i) => {
			const length = Math.max(1.5, room * Math.abs(row.value) / most);
			const y = i * height;
			const left = row.value < 0 ? middle - length : middle;

			return svg('g', { class: row.value < 0 ? 'less' : 'more' },
				svg('text', { x: 330, y: y + 17, class: 'label' },
					row.label.length > 46 ? row.label.slice(0, 45) + '\u2026' : row.label),
				svg('rect', { x: left, y: y + 4, width: length, height: height - 8, rx: 3 }),
				svg('text', { x: row.value < 0 ? left - 8 : left + length + 8, y: y + 17,
					class: row.value < 0 ? 'value before' : 'value' },
				tare.show('bytes-change', row.value)));
		}),
		svg('line', { x1: middle, x2: middle, y1: 0, y2: rows.length * height, class: 'axis' })));
};
