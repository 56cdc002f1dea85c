/*
 * report – the sections of a report's page.
 */
'use strict';

(() => {
	const { el, data, packages } = tare;
	const { plan, totals } = data;

	const columnOf = (table, key) => table.columns.findIndex((column) => column.key === key);

	const facts = () => el('dl', { class: 'facts' }, ...data.facts.flatMap(([label, text]) =>
		[el('dt', {}, label), el('dd', {}, text)]));

	const meter = (part, whole) => {
		const bar = el('span', { class: 'meter', 'aria-hidden': 'true' }, el('span', {}));

		bar.firstChild.style.setProperty('inline-size', `${whole ? 100 * part / whole : 0}%`);
		return bar;
	};

	const planFreed = () => plan.totals.disk_bytes_freed + (plan.totals.trim_bytes_freed || 0);

	const cards = () => el('dl', { class: 'cards' },
		tare.card(totals.basis === 'disk' ? 'On disk' : 'Declared size',
			tare.bytes(totals.all.bytes), tare.plural(totals.all.count, 'file')),
		tare.card('Packages', tare.count(totals.packages.count), tare.bytes(totals.packages.bytes)),
		tare.card('Files of no package', tare.bytes(totals.unowned.bytes),
			tare.plural(totals.unowned.count, 'file')),
		totals.compressed === null ? null : tare.card('As an image layer',
			tare.bytes(totals.compressed), 'compressed by gzip'),
		totals.boundaries ? tare.card('Not entered', tare.bytes(totals.boundaries),
			'container storage, other file systems') : null,
		plan ? tare.card('The plan frees', tare.bytes(planFreed()),
			`${tare.percent(planFreed(), plan.totals.disk_bytes_before)} of the packages, ` +
			`${tare.count(plan.totals.packages_removed)} of ${tare.count(plan.totals.packages_before)}`,
			meter(planFreed(), plan.totals.disk_bytes_before)) : null,
		plan && plan.totals.memory_bytes_freed
			? tare.card('Memory freed', tare.bytes(plan.totals.memory_bytes_freed), 'estimated')
			: null);

	const shares = () => {
		const table = data.tables.categories;
		const name = columnOf(table, 'category');
		const bytes = columnOf(table, 'disk_bytes');
		const sums = new Map();

		table.rows.forEach((row) => {
			const group = tare.groupOfCategory(row[name]);

			sums.set(group, (sums.get(group) || 0) + row[bytes]);
		});
		const parts = [...sums].map(([group, value]) =>
			({ label: tare.categoryGroups[group], value, group }))
			.sort((a, b) => b.value - a.value);

		return tare.shares('What the files are', parts, totals.all.bytes);
	};

	const overview = () => tare.section('overview', cards(),
		totals.complete ? null : el('p', { class: 'warning', role: 'alert' },
			'The analysis is incomplete: something could not be read, see the findings. ' +
			'Nothing here is proven.'),
		facts(), shares(),
		tare.table({ ...data.tables.categories, caption: 'Files by category', sort: 'disk_bytes',
			top: 8 }));

	const map = () => {
		const retainedColumn = columnOf(data.tables.packages, 'retained_bytes');
		const nevraColumn = columnOf(data.tables.packages, 'nevra');
		const retained = new Map(data.tables.packages.rows.map((row) =>
			[row[nevraColumn], row[retainedColumn]]));
		const nodes = packages.nevra.map((nevra, i) => tare.packageNode(i,
			(k) => retained.get(packages.nevra[k]) || 0));
		const all = [...nodes, tare.unownedNode()];
		const hasMemory = plan && plan.packages.some((item) => item && item.memory);
		const root = { name: 'everything', children: () => all,
			size: (measure) => all.reduce((sum, node) => sum + node.size(measure), 0) };

		tare.section('map', el('p', {}, 'Each area is a package: click or press Enter to see its ' +
			'categories and files, and Details for its reasons. A file that several packages own ' +
			'counts for the first. Retained is what would go with a package: these overlap, so they ' +
			'can be compared but not added.'),
		tare.treemap({
			root, groups: { ...tare.packageGroups, ...tare.categoryGroups },
			measures: [{ key: 'disk', title: 'disk' },
				...(hasMemory ? [{ key: 'memory', title: 'memory' }] : []),
				{ key: 'retained', title: 'retained size' }],
		}));
	};

	const waterfall = () => {
		const risks = { none: 0, low: 0, medium: 0, high: 0 };
		let single = 0;

		plan.packages.forEach((item) => {
			if (item && item.action === 'remove') {
				risks[item.risk] += item.disk;
				single += item.disk;
			}
		});
		const shared = plan.totals.disk_bytes_freed - single;
		const trims = plan.totals.trim_bytes_freed || 0;
		const after = plan.totals.disk_bytes_before - planFreed();
		const steps = [
			{ label: 'packages now', value: plan.totals.disk_bytes_before, kind: 'total' },
			{ label: 'without risk', value: risks.none, kind: 'goes' },
			{ label: 'low risk', value: risks.low, kind: 'goes' },
			{ label: 'medium risk', value: risks.medium, kind: 'risky' },
			{ label: 'high risk', value: risks.high, kind: 'risky' },
			{ label: 'held by several of them', value: shared, kind: 'goes' },
			{ label: 'files of what stays', value: trims, kind: 'trims' },
			{ label: 'after the plan', value: after, kind: 'total', group: 'total after' },
		];

		return tare.waterfall('What the plan frees', steps.filter((step) =>
			step.kind === 'total' || step.value > 0));
	};

	const featureRows = () => {
		const features = new Map();

		plan.packages.forEach((item, i) => (item && item.action === 'remove' ? item.features : [])
			.forEach((feature) => {
				const entry = features.get(feature) || { bytes: 0, names: [] };

				entry.bytes += item.disk;
				entry.names.push(packages.name[i]);
				features.set(feature, entry);
			}));
		return [...features].map(([feature, entry]) =>
			[feature, entry.bytes, entry.names.join(', ')]);
	};

	const LISTS = {
		trims: 'Files of what stays, by rule', files: 'The biggest of those files',
		services: 'Services', conflicts: 'Unwanted, but kept',
		not_honoured: 'Requirements that hold only while installing',
		unexplained: 'Requirements that no file explains',
		hidden: 'Dependencies that no package declares',
	};

	/* What most readers do not look for stands behind the button for columns */
	const ASIDE = ['id', 'risk_reason', 'rpm_verify', 'restore', 'action', 'type'];

	const planLists = () => Object.entries(LISTS).map(([key, title]) => {
		const list = plan.lists[key];

		if (!list || !list.rows.length)
			return null;
		const rest = list.total > list.rows.length ? ` (${tare.count(list.rows.length)} of ` +
			`${tare.count(list.total)})` : '';
		const table = tare.table({ ...list, caption: title + rest,
			columns: list.columns.map((column) =>
				({ ...column, hidden: ASIDE.includes(column.key) })),
			sort: list.columns.some((column) => column.key === 'disk_bytes') ? 'disk_bytes' : null,
			top: 10 });

		return key === 'trims' || key === 'services' ? table
			: el('details', { class: 'more-lists' }, el('summary', {},
				`${title} (${tare.count(list.total)})`), table);
	});

	const thePlan = () => {
		if (!plan)
			return tare.section('plan');
		const removed = plan.packages.map((item, i) => [item, i])
			.filter(([item]) => item && item.action === 'remove')
			.map(([item, i]) => [packages.nevra[i], item.disk, item.memory, item.risk,
				item.reason, item.riskReason]);
		const features = featureRows();
		const hasMemory = removed.some((row) => row[2]);

		return tare.section('plan',
			el('dl', { class: 'facts' },
				el('dt', {}, 'Profiles'), el('dd', {}, plan.profiles.join(', ')),
				el('dt', {}, 'Caution'), el('dd', {}, plan.caution),
				el('dt', {}, 'Smallest'), el('dd', {}, plan.optimal
					? 'proven: no smaller set satisfies all that must stay'
					: 'not proven within the search limit'),
				el('dt', {}, 'RPM\u2019s check'), el('dd', {}, plan.rpmCheck),
				el('dt', {}, 'The graph\u2019s check'), el('dd', {}, plan.graphCheck)),
			waterfall(),
			features.length ? tare.table({ caption: 'Features that are lost', sort: 'disk_bytes', top: 10,
				columns: [{ key: 'feature', title: 'Feature', kind: 'text' },
					{ key: 'disk_bytes', title: 'Disk', kind: 'bytes' },
					{ key: 'packages', title: 'Packages that it would need', kind: 'text' }],
				rows: features }) : null,
			tare.table({ caption: 'Packages that go', sort: 'disk_bytes', rows: removed, top: 20,
				hint: 'Filter: words, risk=high, disk>10M',
				open: (row) => tare.openPackage(packages.byNevra.get(row[0])),
				columns: [{ key: 'nevra', title: 'Package', kind: 'text' },
					{ key: 'disk_bytes', title: 'Disk', kind: 'bytes' },
					{ key: 'memory_bytes', title: 'Memory', kind: 'bytes', hidden: !hasMemory },
					{ key: 'risk', title: 'Risk', kind: 'text' },
					{ key: 'reason', title: 'Reason', kind: 'text' },
					{ key: 'risk_reason', title: 'Why a risk', kind: 'text' }] }),
			...planLists());
	};

	const allPackages = () => {
		const table = data.tables.packages;
		const nevra = columnOf(table, 'nevra');
		const columns = plan ? [...table.columns,
			{ key: 'action', title: 'Plan', kind: 'text' },
			{ key: 'risk', title: 'Risk', kind: 'text', hidden: true },
			{ key: 'reason', title: 'Reason', kind: 'text', hidden: true }] : table.columns;
		const rows = !plan ? table.rows : table.rows.map((row) => {
			const item = packages.item(packages.byNevra.get(row[nevra]));

			return [...row, ...(item ? [item.action === 'remove' ? 'goes' : 'stays', item.risk,
				item.reason] : [null, null, null])];
		});

		tare.section('packages', tare.table({ columns, rows, caption: 'All packages', untitled: true,
			name: 'nevra', sort: 'disk_bytes', hint: 'Filter: words, -without, disk>10M, plan=goes',
			open: (row) => tare.openPackage(packages.byNevra.get(row[nevra])) }));
	};

	const surface = () => {
		const table = data.tables.surface;
		const keep = table.columns.map((_, c) => plan || table.columns[c].key !== 'after');
		const pick = (list) => list.filter((_, c) => keep[c]);

		tare.section('surface', table.rows.length ? tare.table({ columns: pick(table.columns),
			rows: table.rows.map(pick), name: 'title', top: 40,
			caption: 'Supply chain and attack surface', untitled: true }) : null);
	};

	const simple = (id, table, caption, sort) => tare.section(id, table && table.rows.length
		? tare.table({ ...table, caption, sort, untitled: true }) : null);

	/* One row for each limit, its figures in its own unit */
	const limits = () => {
		const list = data.budget;

		if (!list || !list.rows.length)
			return tare.section('budgets');
		const at = (key) => columnOf(list, key);
		const say = (row, key) => row[at(key)] === null || at(key) < 0 ? ''
			: tare.show(row[at('unit')] === 'bytes' ? 'bytes' : 'count', row[at(key)]);
		const text = (key, title) => ({ key, title, kind: 'text' });

		return tare.section('budgets', tare.table({
			caption: 'Limits and what was measured', untitled: true, name: 'name',
			columns: [text('status', 'Status'), text('name', 'Limit'), text('measured', 'Measured'),
				text('max', 'Most'), text('why', 'Why'), text('owner', 'Owner')],
			rows: list.rows.map((row) => [row[at('status')], row[at('name')],
				say(row, 'measured'), say(row, 'max'), row[at('why')], row[at('owner')]]) }));
	};

	tare.theme(document.getElementById('theme'));
	document.getElementById('system').textContent = data.facts[0][1];
	document.title = `${data.facts[0][1].slice(0, 30)}: tare report`;
	overview();
	map();
	thePlan();
	allPackages();
	surface();
	simple('unowned', data.tables.unowned, 'Files of no package, by what made them', 'disk_bytes');
	simple('findings', data.tables.findings, 'What the analysis found');
	simple('evidence', data.evidence, 'Where and when use was watched');
	limits();
	document.documentElement.dataset.ready = 'yes';
})();
