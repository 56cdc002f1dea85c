/*
 * array – growable arrays of any type, as a struct with data, len and cap.
 *
 *	ARRAY_OF(file_id) reached = { 0 };
 *	array_push(&reached, id);
 *	array_each(&reached, i)
 *		use(reached.data[i]);
 *	array_release(&reached);
 *
 * Elements move when the array grows: keep indexes, not pointers.
 */
#pragma once

#include "base/macros.h"
#include "base/mem.h"

#include <stdbool.h>
#include <string.h>

#define ARRAY_OF(type)                                                                   \
	struct {                                                                         \
		type *data;                                                              \
		size_t len, cap;                                                         \
	}

/** Of array_reserve(): the elements' memory, grown when it has no room for @p need. */
static inline void *array_grow_(void *data, size_t *cap, size_t need, size_t size)
{
	if (need <= *cap)
		return data;
	*cap = MAX2(need, *cap ? *cap * 2 : 16);
	return mem_realloc(data, *cap, size);
}

/** Make room for @p n more elements. */
#define array_reserve(a, n)                                                              \
	((void)((a)->data = array_grow_((a)->data, &(a)->cap, (a)->len + (n),            \
					sizeof(*(a)->data))))

/** Append one element (the arguments may contain commas, as compound literals do). */
#define array_push(a, ...)                                                               \
	(array_reserve(a, 1), (void)((a)->data[(a)->len++] = (__VA_ARGS__)))

/** Append @p n zeroed elements; evaluates to a pointer to the first of them. */
#define array_extend(a, n)                                                               \
	({                                                                               \
		size_t _n = (n);                                                         \
		array_reserve(a, _n);                                                    \
		memset((a)->data + (a)->len, 0, _n * sizeof(*(a)->data));                \
		(a)->len += _n;                                                          \
		(a)->data + (a)->len - _n;                                               \
	})

/** Remove the last element and evaluate to it; the array must not be empty. */
#define array_pop(a) ((a)->data[--(a)->len])

/** Loop with the index @p i. */
#define array_each(a, i) for (size_t i = 0; i < (a)->len; i++)

/** Sort with a qsort() comparison; fine for an empty array. */
#define array_sort(a, compare)                                                           \
	((a)->len > 1 ? qsort((a)->data, (a)->len, sizeof(*(a)->data), compare) : (void)0)

/** Sort with a qsort_r() comparison, which gets @p arg. */
#define array_sort_with(a, compare, arg)                                                 \
	((a)->len > 1 ? qsort_r((a)->data, (a)->len, sizeof(*(a)->data), compare, arg)   \
		      : (void)0)

/** True when no element is greater than the next one. */
#define array_is_sorted_with(a, compare, arg)                                            \
	({                                                                               \
		bool _sorted = true;                                                     \
		for (size_t _i = 1; _sorted && _i < (a)->len; _i++)                      \
			_sorted = compare(&(a)->data[_i - 1], &(a)->data[_i], arg) <= 0; \
		_sorted;                                                                 \
	})

/** Free the elements' memory; the array is empty and usable afterwards. */
#define array_release(a)                                                                 \
	do {                                                                             \
		free((a)->data);                                                         \
		(a)->data = NULL;                                                        \
		(a)->len = (a)->cap = 0;                                                 \
	} while (0)
