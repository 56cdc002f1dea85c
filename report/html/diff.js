/*
 * diff – the page of a comparison.
 */
'use strict';

(() => {
	const { el, data } = tare;
	const main = document.querySelector('main');
	const links = document.querySelector('nav ul');

	const figureCards = () => el('dl', { class: 'cards' }, ...data.figures.map((figure) =>
		tare.card(figure.title, tare.show(figure.kind, figure.new),
			`${tare.show(figure.kind + '-change', figure.new - figure.old)} from ` +
			tare.show(figure.kind, figure.old))));

	const rowsOf = (id) => data.sections.find((section) => section.id === id);

	const chart = () => {
		const section = rowsOf('packages');
		const growth = section.columns.findIndex((column) => column.key === 'growth_bytes');
		const name = section.columns.findIndex((column) => column.key === 'name');
		const rows = section.rows.filter((row) => row[growth])
			.sort((a, b) => Math.abs(b[growth]) - Math.abs(a[growth])).slice(0, 15)
			.map((row) => ({ label: row[name], value: row[growth] }));

		return rows.length ? tare.changes('Packages that changed most', rows) : null;
	};

	const LINKS = { causes: 'Why packages came', packages: 'Packages', newcomers: 'New packages',
		surface: 'Attack surface', exposed: 'Services and rights', categories: 'Categories',
		folders: 'Folders', files: 'Files' };

	tare.theme(document.getElementById('theme'));
	tare.section('overview', el('dl', { class: 'facts' },
		el('dt', {}, 'Before'), el('dd', {}, `${data.old.root} (${data.old.system})`),
		el('dt', {}, 'After'), el('dd', {}, `${data.new.root} (${data.new.system})`)),
	data.caveats ? el('p', { class: 'warning', role: 'alert' }, `Careful: ${data.caveats}.`) : null,
	figureCards(),
	data.differs ? chart() : el('p', {}, 'No package and no file differs.'));
	data.sections.filter((section) => section.rows.length).forEach((section) => {
		main.append(el('section', { id: section.id, 'aria-labelledby': `${section.id}-title` },
			el('h2', { id: `${section.id}-title` }, section.title),
			tare.table({ ...section, caption: section.title, untitled: true,
				sort: ['growth_bytes', 'growth', 'disk_bytes'].find((key) =>
					section.columns.some((column) => column.key === key)) })));
		links.append(el('li', {}, el('a', { href: `#${section.id}` },
			LINKS[section.id] || section.title)));
	});
	document.documentElement.dataset.ready = 'yes';
})();
