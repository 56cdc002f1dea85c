/*
 * packages – what the page knows of each package: a view of it with its reasons and its
 * neighbours, and the nodes of the map.
 */
'use strict';

tare.packages = (() => {
	const { data } = tare;
	const { nevra, name, disk, needs, goes } = data.packages;
	const { categories, parts, folders } = data.files;
	const plan = data.plan;
	const byNevra = new Map(nevra.map((text, i) => [text, i]));
	const neededBy = nevra.map(() => []);

	/* [to, kind, how many, words] each; kinds as in html_packages.c */
	const needsOf = (i) => {
		const list = [];

		for (let k = 0; k < needs[i].length; k += 4)
			list.push({ other: needs[i][k], kind: needs[i][k + 1],
				count: needs[i][k + 2], text: needs[i][k + 3] });
		return list.sort((a, b) => a.kind - b.kind || disk[b.other] - disk[a.other]);
	};

	nevra.forEach((_, i) => needsOf(i).forEach((need) =>
		neededBy[need.other].push({ ...need, other: i })));
	neededBy.forEach((list) => list.sort((a, b) => a.kind - b.kind ||
		disk[b.other] - disk[a.other]));

	return {
		byNevra, nevra, name, disk, categories, parts, folders, neededBy, needsOf,
		item: (i) => plan && plan.packages[i],
		goesBytes: (i) => goes[i] ? goes[i][0] : 0,
		goesCount: (i) => goes[i] ? goes[i][1] : 0,
		goesWith: (i) => goes[i] ? goes[i].slice(2) : [],
		needWords: ['requires', 'uses', 'may use', 'requires to install'],
		needClass: ['hard', 'hard', 'weak', 'weak'],
	};
})();

/* Colours: what the plan does with a package, or what a file is */
tare.groupOfPackage = (i) => {
	const item = tare.packages.item(i);

	if (!item)
		return 'plain';
	if (item.action !== 'remove')
		return 'stays';
	return item.risk === 'high' || item.risk === 'medium' ? 'risky' : 'goes';
};

tare.packageGroups = { stays: 'stays', goes: 'goes by the plan', risky: 'goes, look at it first',
	plain: 'package', unowned: 'of no package', other: 'smaller ones together' };

tare.groupOfCategory = (category) => ({
	'executable': 'code', 'library': 'code', 'object': 'code', 'kernel': 'kernel',
	'kernel-module': 'kernel', 'firmware': 'kernel', 'initramfs': 'kernel', 'boot': 'kernel',
	'script': 'script', 'interpreted-library': 'script', 'bytecode': 'script', 'unit': 'script',
	'documentation': 'text', 'man': 'text', 'info': 'text', 'licence': 'text',
	'locale': 'locale', 'timezone': 'locale', 'terminfo': 'locale', 'completion': 'locale',
	'header': 'devel', 'static-library': 'devel', 'debug-info': 'devel',
}[category] || 'data');

tare.categoryGroups = { code: 'programs and libraries', kernel: 'kernel, firmware, boot',
	script: 'scripts, interpreted code', text: 'documentation', locale: 'languages, time zones',
	devel: 'for developers', data: 'data, configuration, other', other: 'smaller ones together' };

tare.fileNodes = (names, group) => {
	const nodes = [];

	for (let k = 0; k < names.length; k += 3) {
		const bytes = names[k + 2];

		nodes.push({ name: names[k + 1], note: tare.packages.folders[names[k]], group,
			size: () => bytes });
	}
	return nodes;
};

tare.categoryNode = ([category, bytes, count, names]) => {
	const title = tare.packages.categories[category];
	const group = tare.groupOfCategory(title);
	const files = tare.fileNodes(names, group);
	const rest = bytes - files.reduce((sum, node) => sum + node.size(), 0);
	const restCount = count - files.length;

	return { name: title, note: tare.plural(count, 'file'), group, nest: true, size: () => bytes,
		children: files.length < 1 ? null : () => rest > 0 && restCount > 0
			? [...files, { name: tare.plural(restCount, 'smaller file'), group: 'other',
				size: () => rest }]
			: files };
};

/* Of a package: by memory there is nothing below it, by retained size what goes with it */
tare.packageNode = (i, retained) => {
	const { packages } = tare;
	const parts = packages.parts[i];
	const item = packages.item(i);
	const bytes = parts.reduce((sum, part) => sum + part[1], 0);

	return {
		name: packages.name[i], group: tare.groupOfPackage(i),
		note: !item ? packages.nevra[i] : item.action === 'remove'
			? `goes, risk: ${item.risk}` : 'stays',
		size: (measure) => measure === 'disk' ? bytes
			: measure === 'memory' ? (item ? item.memory : 0) : retained(i),
		children: (measure) => measure === 'retained'
			? [i, ...packages.goesWith(i)].map((k) => ({
				...tare.packageNode(k, retained), children: null,
				size: () => packages.disk[k] }))
			: parts.map(tare.categoryNode),
		open: () => tare.openPackage(i),
	};
};

tare.unownedNode = () => {
	const parts = tare.packages.parts[tare.packages.nevra.length];

	return { name: 'files of no package', group: 'unowned',
		note: 'made by scripts, caches, or copied in',
		size: (measure) => measure === 'disk'
			? parts.reduce((sum, part) => sum + part[1], 0) : 0,
		children: () => parts.map(tare.categoryNode) };
};

/* Who needs it at the left, what it needs at the right; a click goes there */
tare.neighbours = (i, open) => {
	const { svg, packages } = tare;
	const rows = 11;
	const width = 900;
	const box = { width: 250, height: 26, gap: 8 };
	const sides = [
		{ list: packages.neededBy[i], x: 0, label: 'needed by' },
		{ list: packages.needsOf(i), x: width - box.width, label: 'needs' },
	];
	const most = Math.max(1, ...sides.map((side) => Math.min(side.list.length, rows + 1)));
	const height = most * (box.height + box.gap) + 24;
	const centre = { x: (width - box.width) / 2, y: height / 2 - box.height / 2 + 10 };
	const short = (text) => text.length > 34 ? text.slice(0, 33) + '\u2026' : text;
	const node = (x, y, label, group, action) => svg('g', {
		class: `node ${group}`, role: action ? 'button' : null, tabindex: action ? '0' : null,
		'aria-label': action ? label : null, onclick: action,
		onkeydown: action ? (event) => {
			if (event.key === 'Enter' || event.key === ' ') {
				event.preventDefault();
				action();
			}
		} : null,
	}, svg('rect', { x, y, width: box.width, height: box.height, rx: 6 }),
	svg('text', { x: x + 10, y: y + 17 }, short(label)), svg('title', {}, label));
	const children = [];

	sides.forEach((side, s) => {
		const shown = side.list.slice(0, side.list.length > rows + 1 ? rows : rows + 1);
		const count = shown.length + (side.list.length > shown.length ? 1 : 0);
		const top = 24 + (height - 24 - count * (box.height + box.gap)) / 2;

		children.push(svg('text', { class: 'heading', y: 14,
			x: s ? width : 0, 'text-anchor': s ? 'end' : 'start' },
		`${side.label} (${side.list.length})`));
		shown.forEach((need, k) => {
			const y = top + k * (box.height + box.gap);
			const from = s ? centre.x + box.width : box.width;
			const to = s ? side.x : centre.x;
			const y1 = s ? centre.y + 13 : y + 13;
			const y2 = s ? y + 13 : centre.y + 13;
			const bend = (to - from) / 2;

			children.unshift(svg('path', { class: packages.needClass[need.kind],
				d: `M${from} ${y1}C${from + bend} ${y1} ${to - bend} ${y2} ${to} ${y2}` },
			svg('title', {}, need.text)));
			children.push(node(side.x, y, packages.name[need.other],
				tare.groupOfPackage(need.other), () => open(need.other)));
		});
		if (side.list.length > shown.length)
			children.push(svg('text', { class: 'heading',
				x: s ? side.x + 10 : 10, y: top + shown.length * (box.height + box.gap) + 17 },
			`and ${side.list.length - shown.length} more`));
	});
	children.push(node(centre.x, centre.y, packages.name[i], `${tare.groupOfPackage(i)} centre`));
	return svg('svg', { class: 'neighbours', viewBox: `0 0 ${width} ${height}`, role: 'group',
		'aria-label': 'Neighbours: who needs it, and what it needs' }, ...children);
};

/* The plan's chain, or without a plan the shortest way to a package that nobody requires */
tare.whyList = (i) => {
	const { el, packages } = tare;
	const item = packages.item(i);

	if (item) {
		const steps = [];

		for (let k = 0; k < item.chain.length; k += 2)
			steps.push(el('li', {}, item.chain[k + 1] || '', ' ',
				el('code', {}, item.chain[k] || '')));
		return [el('p', {}, item.reason), steps.length ? el('ol', { class: 'chain' }, ...steps)
			: null,
		item.riskReason ? el('p', { class: 'note' }, `Risk ${item.risk}: ${item.riskReason}`)
			: null,
		item.features.length ? el('p', {}, 'Without it stops working: ',
			item.features.join('; ')) : null];
	}
	const from = new Map([[i, null]]);
	const queue = [i];
	let end = i;

	for (let at = 0; at < queue.length; at++) {
		end = queue[at];
		const hard = packages.neededBy[end].filter((need) => need.kind === 0);

		if (!hard.length)
			break;
		hard.filter((need) => !from.has(need.other)).forEach((need) => {
			from.set(need.other, { below: end, text: need.text });
			queue.push(need.other);
		});
	}
	const steps = [];

	for (let at = end; from.get(at); at = from.get(at).below)
		steps.unshift(el('li', {}, `${packages.name[at]} requires ${from.get(at).text}`));
	return steps.length ? [el('ol', { class: 'chain' }, ...steps),
		el('p', { class: 'note' }, packages.neededBy[end].some((need) => need.kind === 0)
			? 'The chain ends in a loop.' : `Nothing requires ${packages.name[end]}.`)]
		: [el('p', {}, 'No package requires it.')];
};

tare.needTable = (caption, list, open) => {
	const { packages } = tare;

	return list.length ? tare.table({
		caption, sort: null, name: 'package', top: 8,
		columns: [{ key: 'package', title: 'Package', kind: 'text' },
			{ key: 'how', title: 'How', kind: 'text' },
			{ key: 'disk_bytes', title: 'Disk', kind: 'bytes' },
			{ key: 'words', title: 'Words', kind: 'text' }],
		rows: list.map((need) => [packages.nevra[need.other], packages.needWords[need.kind],
			packages.disk[need.other], need.text +
				(need.count > 1 ? ` and ${need.count - 1} more` : '')]),
		open: (row) => open(packages.byNevra.get(row[0])),
	}) : tare.el('p', { class: 'note' }, `${caption}: none.`);
};

tare.filesTable = (i) => {
	const rows = [];

	tare.packages.parts[i].forEach(([category, , , names]) => {
		for (let k = 0; k < names.length; k += 3) {
			const folder = tare.packages.folders[names[k]];

			rows.push([(folder === '/' ? '' : folder) + '/' + names[k + 1],
				tare.packages.categories[category], names[k + 2]]);
		}
	});
	return rows.length ? tare.table({ caption: 'The biggest files', sort: 'disk_bytes', top: 8, rows,
		columns: [{ key: 'path', title: 'Path', kind: 'text' },
			{ key: 'category', title: 'Category', kind: 'text' },
			{ key: 'disk_bytes', title: 'Disk', kind: 'bytes' }] }) : null;
};

tare.openPackage = (() => {
	const { el, packages } = tare;
	let dialog = null;
	const trail = [];

	const fill = (i) => {
		const item = packages.item(i);
		const listed = tare.data.tables.packages;
		const at = listed.columns.findIndex((column) => column.key === 'nevra');
		const row = listed.rows.find((cells) => cells[at] === packages.nevra[i]) || [];
		const open = (k) => {
			trail.push(i);
			fill(k);
		};

		dialog.replaceChildren(
			el('div', { class: 'dialog-head' },
				el('h2', { id: 'package-title', tabindex: '-1' }, packages.nevra[i]),
				trail.length ? el('button', { type: 'button', onclick: () => fill(trail.pop()) },
					'Back') : null,
				el('button', { type: 'button', onclick: () => dialog.close() }, 'Close')),
			item ? el('p', { class: `badge ${tare.groupOfPackage(i)}` },
				item.action === 'remove' ? `goes by the plan, risk: ${item.risk}` : 'stays')
				: null,
			el('h3', {}, 'Why'), ...tare.whyList(i).filter((node) => node),
			el('h3', {}, 'Neighbours'), tare.neighbours(i, open),
			el('h3', {}, 'What goes with it'),
			el('p', {}, packages.goesCount(i)
				? `Without it and all that needs it, ${tare.bytes(packages.goesBytes(i))} go in ` +
					`${tare.plural(packages.goesCount(i) + 1, 'package')}: `
				: `Nothing else: it frees ${tare.bytes(packages.goesBytes(i))} alone.`,
			...packages.goesWith(i).slice(0, 12).flatMap((k, n) => [n ? ', ' : '',
				el('button', { type: 'button', class: 'link', onclick: () => open(k) },
					packages.name[k])]),
			packages.goesCount(i) > 12 ? ` and ${tare.count(packages.goesCount(i) - 12)} more` : null),
			tare.needTable('What it needs', packages.needsOf(i), open),
			tare.needTable('Who needs it', packages.neededBy[i], open),
			tare.filesTable(i) || '',
			el('h3', {}, 'Facts'),
			el('dl', { class: 'facts' }, ...listed.columns.flatMap((column, c) =>
				row[c] === null || row[c] === undefined ? []
					: [el('dt', {}, column.title || column.key),
						el('dd', {}, tare.show(column.kind, row[c]))])));
		dialog.scrollTop = 0;
		dialog.querySelector('h2').focus();
	};

	return (i) => {
		if (i === undefined)
			return;
		if (!dialog) {
			dialog = el('dialog', { 'aria-labelledby': 'package-title', onclick: (event) => {
				if (event.target === dialog)
					dialog.close();
			} });
			document.body.append(dialog);
		}
		trail.length = 0;
		fill(i);
		dialog.showModal();
	};
})();
