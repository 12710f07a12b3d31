/**
 * The program of a child process with one copy of a local model, or one that describes models. What
 * Node compiles of our own code is kept; that of models, which change, is not.
 * @module
 */
import { enableCompileCache, flushCompileCache } from 'node:module'
import { compileCache } from '../../../root.ts'

if (compileCache) enableCompileCache(compileCache)
await import('./conversation.ts')
if (compileCache) flushCompileCache()
