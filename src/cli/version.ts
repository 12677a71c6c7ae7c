import { readFileSync } from 'node:fs'

/** The package's own folder: two up from here, in src/ as in the built dist/. */
export const packageFolder = new URL('../../', import.meta.url)
export const version = (JSON.parse(readFileSync(new URL('package.json', packageFolder), 'utf8')) as { version: string }).version
