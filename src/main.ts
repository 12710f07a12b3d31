/**
 * The program `npm start`. What it loads is compiled once: Node keeps the compiled code beside the build,
 * where that can be written.
 * @module
 */
import { enableCompileCache } from 'node:module'
import { compileCache } from './root.ts'

if (compileCache) enableCompileCache(compileCache)
await import('./server.ts')
