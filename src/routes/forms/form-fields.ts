import type { Context, MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { readParts } from './form-body.ts'

declare module 'hono' {
  interface ContextVariableMap {
    /** The text of each field of the form that was posted: the last of each name. */
    formFields: ReadonlyMap<string, string>
  }
}

/** Far more than a person types into these forms. */
const mostFormBytes = 2 ** 20

/**
 * Reads a posted form before its handler is called, so that a form that breaks off changes nothing.
 * The form of a prediction is the only one with files, and has a reader of its own. Throws `BadForm`.
 */
export function formFields(): MiddlewareHandler {
  const short = bodyLimit({
    maxSize: mostFormBytes,
    onError: (c) => c.text('That form is too large for this server.\n', 413),
  })
  return (c, next) => {
    if (c.req.method !== 'POST') return next()
    return short(c, async () => {
      c.set('formFields', await fieldsOf(c))
      await next()
    })
  }
}

async function fieldsOf(c: Context): Promise<ReadonlyMap<string, string>> {
  const fields = new Map<string, string>()
  await readParts(c, {
    field: (name, text) => void fields.set(name, text),
    file: async () => {},
  })
  return fields
}
