import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { readParts } from './form-body.ts'

declare module 'hono' {
  interface ContextVariableMap {
    /** What was typed into a short form, by field: the last of each name. */
    typed: ReadonlyMap<string, string>
  }
}

/**
 * Reads every form but that of a prediction, before whatever its address does: one that is not
 * whole does nothing anywhere. Throws `BadForm`.
 */
export function formFields() {
  return createMiddleware(async (c, next) => {
    if (c.req.method === 'POST' && c.req.path !== '/predictions') c.set('typed', await read(c))
    await next()
  })
}

async function read(c: Context): Promise<ReadonlyMap<string, string>> {
  const typed = new Map<string, string>()
  await readParts(c, {
    field: (name, text) => void typed.set(name, text),
    file: async () => {},
  })
  return typed
}
