#include "analyzer/rpm_tags.h"

#include <string.h>

#define GET_FLAGS (HEADERGET_MINMEM | HEADERGET_RAW)

void tag_strings_get(Header h, rpmTagVal tag, struct tag_strings *ret)
{
	memset(ret, 0, sizeof(*ret));
	if (!headerGet(h, tag, &ret->td, GET_FLAGS) || !ret->td.data)
		return;
	if (ret->td.type == RPM_STRING_TYPE && ret->td.count == 1) {
		ret->single = ret->td.data;
		ret->texts = &ret->single;
		ret->len = 1;
	} else if (ret->td.type == RPM_STRING_TYPE ||
		   ret->td.type == RPM_STRING_ARRAY_TYPE ||
		   ret->td.type == RPM_I18NSTRING_TYPE) {
		ret->texts = ret->td.data;
		ret->len = ret->td.count;
	}
}

void tag_strings_release(struct tag_strings *strings)
{
	rpmtdFreeData(&strings->td);
	memset(strings, 0, sizeof(*strings));
}

void tag_numbers_get(Header h, rpmTagVal tag, struct tag_numbers *ret)
{
	memset(ret, 0, sizeof(*ret));
	if (!headerGet(h, tag, &ret->td, GET_FLAGS) || !ret->td.data)
		return;
	switch (ret->td.type) {
	case RPM_CHAR_TYPE:
	case RPM_INT8_TYPE:
	case RPM_INT16_TYPE:
	case RPM_INT32_TYPE:
	case RPM_INT64_TYPE:
		ret->len = ret->td.count;
		return;
	default:
		return;
	}
}

void tag_numbers_release(struct tag_numbers *numbers)
{
	rpmtdFreeData(&numbers->td);
	memset(numbers, 0, sizeof(*numbers));
}

uint64_t tag_number(const struct tag_numbers *numbers, size_t i, uint64_t otherwise)
{
	const void *data = numbers->td.data;

	if (i >= numbers->len)
		return otherwise;
	switch (numbers->td.type) {
	case RPM_INT16_TYPE:
		return ((const uint16_t *)data)[i];
	case RPM_INT32_TYPE:
		return ((const uint32_t *)data)[i];
	case RPM_INT64_TYPE:
		return ((const uint64_t *)data)[i];
	default:
		return ((const uint8_t *)data)[i];
	}
}

uint64_t tag_first_number(Header h, rpmTagVal tag, uint64_t otherwise)
{
	struct tag_numbers numbers;
	uint64_t value;

	tag_numbers_get(h, tag, &numbers);
	value = tag_number(&numbers, 0, otherwise);
	tag_numbers_release(&numbers);
	return value;
}

bool tag_present(Header h, rpmTagVal tag)
{
	return headerIsEntry(h, tag);
}
