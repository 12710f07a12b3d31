/**
 * What others may write in one piece of JSON, and in one form: see docs/decisions/017-bounds-of-requests.md.
 * @module
 */

/**
 * What comes from outside nests no deeper. All that is done with JSON takes some stack for each
 * level, and the greediest of it has enough for twice this many.
 */
export const mostLevels = 500

/**
 * The digits of a number. Python converts no longer integer, so no model written in it could read
 * one: https://docs.python.org/3/library/stdtypes.html#int-max-str-digits
 */
export const mostDigits = 4_300

/** The values in one piece of JSON, whatever they are in. */
export const mostValues = 50_000

/** The names in one piece of JSON: each takes as long as several items of a list. */
export const mostNames = 10_000

/** What is wrong with one request is told up to here. */
export const mostErrors = 50
