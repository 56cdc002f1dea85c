/*
 * html_assets – the files of report/html/ as CMake puts them into the program (tare_embed()),
 * each with the SHA-256 of its bytes in hexadecimal.
 */
#pragma once

#include <stddef.h>

#define HTML_ASSET(name)                                                                 \
	extern const char html_##name[];                                                 \
	extern const size_t html_##name##_len;                                           \
	extern const char html_##name##_sha256[];

HTML_ASSET(style_css)
HTML_ASSET(report_html)
HTML_ASSET(diff_html)
HTML_ASSET(base_js)
HTML_ASSET(table_js)
HTML_ASSET(treemap_js)
HTML_ASSET(charts_js)
HTML_ASSET(packages_js)
HTML_ASSET(report_js)
HTML_ASSET(diff_js)
#undef HTML_ASSET
