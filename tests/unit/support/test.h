/*
 * test – cmocka with what it wants to see included before it. Every unit test includes this
 * header instead of <cmocka.h>.
 */
#pragma once

/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
