/*
 * browse – opens pages of tare in headless Chromium and uses them as people do. Prints one TAP line
 * for each check.
 *
 *	node browse.cjs report|diff PAGE.html FOLDER
 *
 * The folder gets screenshots, the printed page and the final markup (dom.html).
 */
'use strict';

const fs = require('fs');
const puppeteer = require('puppeteer-core');

const [kind, file, folder] = process.argv.slice(2);
let failed = 0;

const check = (what, is, detail) => {
	console.log(`${is ? 'ok' : 'not ok'} - ${what}`);
	if (!is) {
		failed++;
		console.log(`#   ${JSON.stringify(detail)}`);
	}
};

const open = async (browser, messages) => {
	const page = await browser.newPage();

	page.on('console', (message) => messages.push(message.text()));
	page.on('pageerror', (error) => messages.push(error.message));
	page.on('request', (request) => {
		if (request.url() !== `file://${file}`)
			messages.push(`request: ${request.url()}`);
	});
	page.on('dialog', (dialog) => {
		messages.push(`dialog: ${dialog.message()}`);
		dialog.dismiss();
	});
	await page.setViewport({ width: 1280, height: 900 });
	await page.goto(`file://${file}`);
	await page.waitForSelector('html[data-ready]', { timeout: 20000 });
	return page;
};

const shot = (page, name) => page.screenshot({ path: `${folder}/${name}.png` });

const cellName = (page) => page.evaluate(() =>
	document.activeElement.getAttribute('aria-label'));
const crumb = (page) => page.$eval('.crumbs [aria-current]', (node) => node.textContent);

const checkMap = async (page) => {
	const cells = await page.$$eval('.treemap .cell', (list) => list.length);

	check('the map has areas', cells > 3, cells);
	const areas = await page.$$eval('.treemap .cell > rect:first-child', (list) => list.map((rect) =>
		rect.getAttribute('width') * rect.getAttribute('height')));
	const sizes = await page.evaluate(() => {
		const { parts } = tare.packages;

		return parts.map((list) => list.reduce((sum, part) => sum + part[1], 0))
			.sort((a, b) => b - a).slice(0, 2);
	});
	check('areas are in proportion to bytes',
		Math.abs(areas[0] / areas[1] - sizes[0] / sizes[1]) < 0.1 * sizes[0] / sizes[1],
		{ areas: areas.slice(0, 2), sizes });

	await page.$eval('.treemap .cell[tabindex="0"]', (cell) => cell.focus());
	const first = await cellName(page);

	await page.keyboard.press('ArrowRight');
	const second = await cellName(page);

	check('arrow keys walk', first && second && first !== second, { first, second });
	await page.keyboard.press('Home');
	check('Home goes to the biggest', await cellName(page) === first, await cellName(page));
	await page.keyboard.press('Enter');
	check('Enter goes in', first.startsWith(await crumb(page)), await crumb(page));
	await shot(page, 'zoomed');
	await page.keyboard.press('Escape');
	check('Escape goes out, to where it was', await crumb(page) === 'everything' &&
		await cellName(page) === first, await cellName(page));
	await page.click('.treemap .cell');
	check('a click goes in', first.startsWith(await crumb(page)), await crumb(page));
	/* files of no package have no details: the next area is a package */
	await page.evaluate(() => {
		const button = (text) => [...document.querySelectorAll('.crumbs button')]
			.find((node) => node.textContent === text);

		if (!button('Details')) {
			button('Back').click();
			document.querySelectorAll('.treemap .cell')[1].dispatchEvent(
				new MouseEvent('click', { bubbles: true }));
		}
		button('Details').click();
	});
	const title = await page.$eval('dialog[open] h2', (node) => node.textContent);

	check('details have the package', title.length > 0, title);
	check('the keyboard is in the dialogue', await page.evaluate(() =>
		document.querySelector('dialog').contains(document.activeElement)));
	await shot(page, 'details');
	await page.keyboard.press('Escape');
	check('Escape closes it', await page.$('dialog[open]') === null);
	await page.select('#map select', 'retained');
	check('areas by retained size', await crumb(page) === 'everything' &&
		(await page.$$('.treemap .cell')).length > 1);
	await page.select('#map select', 'disk');
};

const names = (page, section) => page.$$eval(`#${section} tbody tr th`, (list) =>
	list.map((cell) => cell.textContent));

const checkTable = async (page, section) => {
	const all = await names(page, section);
	const sort = () => page.$eval(`#${section} th[aria-sort]`, (node) =>
		[node.textContent, node.getAttribute('aria-sort')]);

	check('a table has rows', all.length > 1, all.length);
	const button = (await page.$$(`#${section} thead th button`))[0];

	await button.focus();
	await page.keyboard.press('Enter');
	const sorted = await names(page, section);

	check('a heading sorts, by keyboard', (await sort())[1] === 'ascending' &&
		sorted.every((name, i) => i === 0 || sorted[i - 1] <= name), sorted.slice(0, 4));
	await page.keyboard.press('Enter');
	check('again the other way round', (await sort())[1] === 'descending', await sort());
	if (!await page.$(`#${section} input[type="search"]`))
		return;
	await page.focus(`#${section} input[type="search"]`);
	await page.keyboard.type('zz-no-such-thing');
	check('a filter that finds nothing', (await names(page, section)).length === 0);
	await page.$eval(`#${section} input[type="search"]`, (input) => { input.value = ''; });
	await page.keyboard.type(kind === 'report' ? 'disk>0' : 'growth>0');
	check('a filter by size', (await names(page, section)).length > 0);
	await page.$eval(`#${section} input[type="search"]`, (input) => {
		input.value = '';
		input.dispatchEvent(new Event('input'));
	});
};

const colour = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);

const checkLooks = async (page) => {
	const light = await colour(page);

	await shot(page, 'light');
	await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
	const dark = await colour(page);

	await shot(page, 'dark');
	check('dark where the system is dark', dark !== light, { light, dark });
	await page.click('#theme');
	check('and light again by the button', await colour(page) === light, await colour(page));
	await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'light' }]);
	await page.setViewport({ width: 390, height: 800 });
	await page.evaluate(() => new Promise((done) => requestAnimationFrame(() =>
		requestAnimationFrame(done))));
	await shot(page, 'narrow');
	check('nothing sticks out of a narrow screen', await page.evaluate(() =>
		document.documentElement.scrollWidth <= innerWidth), await page.evaluate(() =>
		document.documentElement.scrollWidth));
	await page.setViewport({ width: 1280, height: 900 });
	await page.pdf({ path: `${folder}/print.pdf`, format: 'A4' });
	await page.emulateMediaType('print');
	check('controls are not printed', await page.$eval('#theme', (node) =>
		getComputedStyle(node).display === 'none'));
	await page.emulateMediaType('screen');
};

const main = async () => {
	const messages = [];
	const browser = await puppeteer.launch({ executablePath: process.env.CHROMIUM || 'chromium',
		headless: true, args: ['--no-sandbox'], userDataDir: `${folder}/profile` });
	const page = await open(browser, messages);

	check('every heading has content', await page.$$eval('main section:not([hidden])', (list) =>
		list.length > 1 && list.every((section) => section.children.length > 1)));
	if (kind === 'report')
		await checkMap(page);
	await checkTable(page, 'packages');
	await checkLooks(page);
	check('every control has a name', await page.$$eval('button, select, input', (list) =>
		list.every((node) => (node.textContent || node.getAttribute('aria-label') ||
			(node.labels && node.labels.length)))));
	check('no script of the data ran', await page.evaluate(() => window.owned === undefined));
	fs.writeFileSync(`${folder}/dom.html`, `<!DOCTYPE html>\n${await page.evaluate(() =>
		document.documentElement.outerHTML)}`);
	check('no message, no request, no dialogue', messages.length === 0, messages);
	await browser.close();
};

main().catch((error) => {
	check(`no failure: ${error.message}`, false, error.stack);
}).finally(() => process.exit(failed ? 1 : 0));
