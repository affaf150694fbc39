// @ts-check
'use strict'

/**
 * The cursor of the next page; none behind the last one, which servers say with `null` and an empty text too.
 *
 * @param {any} cursor
 * @returns {unknown}
 */
function cursorOf(cursor) {
  return cursor === null || cursor === '' ? undefined : cursor
}

module.exports = { cursorOf }
