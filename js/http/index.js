// @ts-check
'use strict'

const { guardedFetch } = require('./fetch.js')
const { createLookup } = require('./lookup.js')

module.exports = { createLookup, guardedFetch }
