import { createRequire } from 'node:module'

/** The engine's package is CommonJS of many files: required, it is there sooner than imported. */
export const { DuckDBDateValue, DuckDBInstance, version } = createRequire(import.meta.url)('@duckdb/node-api') as typeof import('@duckdb/node-api')
