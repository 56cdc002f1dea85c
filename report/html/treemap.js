/*
 * treemap – areas in proportion to bytes, one level at a time: packages, their categories, their
 * files.
 *
 * tare.treemap({root, measures, groups}) draws root.children(measure) and goes down where a node has
 * children. A node is {name, size(measure), note, group, nest, children(measure), open}; of one with
 * nest the children are drawn inside it, groups are the titles of the colours. Keys: arrows, Home
 * and End walk from the biggest to the smallest, Enter goes down, Escape and Backspace up.
 *
 * The squarified layout (Bruls, Huizing, van Wijk 2000) is short enough to stand here instead of in
 * a library.
 */
'use strict';

/* Rectangles for falling positive sizes: [{x, y, width, height}] in the same order */
tare.squarify = (sizes, width, height) => {
	const result = [];
	let rest = sizes.reduce((sum, size) => sum + size, 0);
	const free = { x: 0, y: 0, width, height };
	let begin = 0;

	/* the longest side against the shortest of the worst rectangle of a row */
	const worst = (sum, first, last, side, area) => {
		const thickness = sum * area / side;

		return Math.max(thickness / (first * area / thickness),
			(first * area / thickness) / thickness,
			thickness / (last * area / thickness),
			(last * area / thickness) / thickness);
	};

	while (begin < sizes.length && rest > 0) {
		const side = Math.min(free.width, free.height);
		const area = free.width * free.height / rest;
		let sum = sizes[begin];
		let end = begin + 1;
		let best = worst(sum, sizes[begin], sizes[begin], side, area);

		for (; end < sizes.length; end++) {
			const next = worst(sum + sizes[end], sizes[begin], sizes[end], side, area);

			if (next > best)
				break;
			best = next;
			sum += sizes[end];
		}
		const thickness = side > 0 ? sum * area / side : 0;
		const stands = free.width >= free.height;
		let at = stands ? free.y : free.x;

		for (let i = begin; i < end; i++) {
			const length = sum > 0 ? side * sizes[i] / sum : 0;

			result.push(stands ? { x: free.x, y: at, width: thickness, height: length }
				: { x: at, y: free.y, width: length, height: thickness });
			at += length;
		}
		if (stands) {
			free.x += thickness;
			free.width -= thickness;
		} else {
			free.y += thickness;
			free.height -= thickness;
		}
		rest -= sum;
		begin = end;
	}
	while (result.length < sizes.length)
		result.push({ x: free.x, y: free.y, width: 0, height: 0 });
	return result;
};

/* What is smaller than a finger's tip becomes one area that can be entered */
tare.gatherSmall = (nodes, measure, area) => {
	const total = nodes.reduce((sum, node) => sum + node.size(measure), 0);
	const least = total * 110 / area;
	let big = nodes.findIndex((node) => node.size(measure) < least);

	if (big < 0 || nodes.length - big < 3 || big === 0)
		return nodes;
	const small = nodes.slice(big);

	return [...nodes.slice(0, big), {
		name: `${tare.count(small.length)} smaller`,
		note: 'many small ones together',
		group: 'other',
		size: (by) => small.reduce((sum, node) => sum + node.size(by), 0),
		children: () => small,
	}];
};

tare.treemap = (options) => {
	const { el, svg } = tare;
	const path = [options.root];
	const state = { measure: options.measures[0].key, cells: [], nodes: [] };
	const picture = svg('svg', { class: 'treemap', role: 'group',
		'aria-label': 'Map of sizes. Arrow keys walk, Enter goes in, Escape goes out.' });
	const crumbs = el('nav', { class: 'crumbs', 'aria-label': 'Where the map is' });
	const status = el('p', { class: 'sr', role: 'status' });
	const tip = el('div', { class: 'tip', hidden: true, 'aria-hidden': 'true' });
	const legend = el('ul', { class: 'legend' });
	const here = () => path[path.length - 1];
	let width = 0;
	let height = 0;

	const showTip = (node, event) => {
		const box = picture.getBoundingClientRect();
		const total = here().size(state.measure);

		tip.replaceChildren(el('strong', {}, node.name), el('br', {}),
			`${tare.bytes(node.size(state.measure))}, ` +
			`${tare.percent(node.size(state.measure), total)} of ${here().name}`,
			...(node.note ? [el('br', {}), node.note] : []));
		tip.hidden = false;
		const x = Math.min(event.clientX - box.left + 14, box.width - tip.offsetWidth - 4);
		const y = event.clientY - box.top + 18 + tip.offsetHeight > box.height
			? event.clientY - box.top - tip.offsetHeight - 10 : event.clientY - box.top + 18;
		tip.style.setProperty('left', `${Math.max(0, x)}px`);
		tip.style.setProperty('top', `${Math.max(0, y)}px`);
	};

	const enter = (node) => {
		if (!node.children)
			return;
		path.push(node);
		draw();
		focusCell(0);
	};

	const leave = (to) => {
		if (path.length === 1)
			return;
		const left = path[to === undefined ? path.length - 1 : to + 1];

		path.length = to === undefined ? path.length - 1 : to + 1;
		draw();
		focusCell(Math.max(0, state.nodes.indexOf(left)));
	};

	const focusCell = (i) => {
		const next = Math.max(0, Math.min(i, state.cells.length - 1));

		if (!state.cells.length)
			return;
		state.cells.forEach((cell, k) => cell.setAttribute('tabindex', k === next ? '0' : '-1'));
		state.cells[next].focus();
	};

	const onKey = (event, i) => {
		const moves = { ArrowRight: i + 1, ArrowDown: i + 1, ArrowLeft: i - 1, ArrowUp: i - 1,
			Home: 0, End: state.cells.length - 1 };

		if (event.key in moves)
			focusCell(moves[event.key]);
		else if (event.key === 'Enter' || event.key === ' ')
			enter(state.nodes[i]);
		else if (event.key === 'Escape' || event.key === 'Backspace')
			leave();
		else
			return;
		event.preventDefault();
	};

	const shorten = (text, room, size) => {
		const letters = Math.floor(room / (size * 0.62));

		return text.length <= letters ? text
			: letters < 3 ? '' : text.slice(0, letters - 1) + '\u2026';
	};

	const labels = (node, box, isInside) => {
		const isBig = !isInside && box.width > 150 && box.height > 60;
		const size = isBig ? 14 : 11.5;
		const name = box.height > 17 && box.width > 30
			? shorten(node.name, box.width - 10, size) : '';
		const result = [];

		if (name)
			result.push(svg('text', { x: box.x + 6, y: box.y + size + 4, class: isBig ? 'big' : null },
				name));
		if (name && box.height > 36 && box.width > 58)
			result.push(svg('text', { x: box.x + 6, y: box.y + 2 * size + 8, class: 'size' },
				tare.bytes(node.size(state.measure))));
		return result;
	};

	/* What is in a part, drawn inside it: only to be seen, Enter goes there */
	const drawInside = (node, box) => {
		if (!node.nest || !node.children || box.width < 90 || box.height < 80)
			return [];
		const room = { x: box.x + 5, y: box.y + 42, width: box.width - 10, height: box.height - 47 };
		const inside = node.children(state.measure).filter((child) => child.size(state.measure) > 0)
			.sort((a, b) => b.size(state.measure) - a.size(state.measure));

		return tare.squarify(inside.map((child) => child.size(state.measure)), room.width,
			room.height).flatMap((place, i) => place.width < 3 || place.height < 3 ? [] : [
			svg('rect', { class: 'inner', x: room.x + place.x + 0.5, y: room.y + place.y + 0.5,
				width: place.width - 1, height: place.height - 1 }),
			...labels(inside[i], { ...place, x: room.x + place.x, y: room.y + place.y }, true)]);
	};

	const drawCell = (node, box, i) => svg('g', {
		class: `cell ${node.group}${node.children ? ' deep' : ''}`,
		role: node.children ? 'button' : 'img', tabindex: i === 0 ? '0' : '-1',
		'aria-label': `${node.name}, ${tare.bytes(node.size(state.measure))}` +
			(node.note ? `, ${node.note}` : ''),
		onclick: () => enter(node),
		onkeydown: (event) => onKey(event, i),
		onmousemove: (event) => showTip(node, event),
		onmouseleave: () => { tip.hidden = true; },
	}, svg('rect', { x: box.x + 0.75, y: box.y + 0.75, width: Math.max(0, box.width - 1.5),
		height: Math.max(0, box.height - 1.5), rx: Math.min(3, box.width / 4) }),
	...labels(node, box), ...drawInside(node, box));

	const drawCrumbs = () => {
		crumbs.replaceChildren(el('ol', {}, ...path.map((node, i) => el('li', {},
			i === path.length - 1
				? el('span', { 'aria-current': 'true' }, node.name)
				: el('button', { type: 'button', class: 'link', onclick: () => leave(i) },
					node.name)))),
		el('span', { class: 'note' }, tare.bytes(here().size(state.measure))),
		...(here().open ? [el('button', { type: 'button', onclick: here().open }, 'Details')] : []),
		...(path.length > 1 ? [el('button', { type: 'button', onclick: () => leave() }, 'Back')]
			: []));
	};

	const drawLegend = () => {
		const groups = new Set(state.nodes.map((node) => node.group));

		legend.replaceChildren(...Object.entries(options.groups)
			.filter(([group]) => groups.has(group))
			.map(([group, title]) => el('li', {},
				el('span', { class: `swatch ${group}`, 'aria-hidden': 'true' }), title)));
	};

	const draw = () => {
		const nodes = here().children(state.measure)
			.filter((node) => node.size(state.measure) > 0)
			.sort((a, b) => b.size(state.measure) - a.size(state.measure));

		state.nodes = tare.gatherSmall(nodes, state.measure, width * height);
		const boxes = tare.squarify(state.nodes.map((node) => node.size(state.measure)), width,
			height);
		state.cells = state.nodes.map((node, i) => drawCell(node, boxes[i], i));
		picture.setAttribute('viewBox', `0 0 ${width} ${height}`);
		picture.replaceChildren(...state.cells);
		tip.hidden = true;
		drawCrumbs();
		drawLegend();
		status.textContent = `${here().name}: ${tare.bytes(here().size(state.measure))} in ` +
			tare.plural(state.nodes.length, 'part');
	};

	const choose = options.measures.length < 2 ? null : el('label', {}, 'Areas by ',
		el('select', { onchange: (event) => {
			state.measure = event.target.value;
			path.length = 1;
			draw();
		} }, ...options.measures.map((measure) => el('option', { value: measure.key },
			measure.title))));
	const frame = el('div', { class: 'map-frame' }, picture, tip);
	const box = el('div', { class: 'map' }, el('div', { class: 'tools' }, choose, ...(options.tools || []),
		legend), crumbs, frame, status);

	const resize = () => {
		if (!frame.clientWidth || frame.clientWidth === width)
			return;
		width = frame.clientWidth;
		height = Math.round(Math.max(320, Math.min(620, width * 0.52)));
		draw();
	};

	new ResizeObserver(resize).observe(frame);
	box.redraw = draw;
	return box;
};
