import type { TestApp } from './test-app.ts'
import { createVisitor, type FormValues, toFormData } from './visitor.ts'

/** A person whom a proxy names in the header `X-User`: for an app with `SANDPIT_AUTH=header:X-User`. */
export function namedPerson(sandpit: Pick<TestApp, 'app' | 'paths'>, name: string) {
  const { request } = createVisitor(sandpit)

  function ask(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers)
    headers.set('X-User', name)
    return request(path, { ...init, headers })
  }

  async function get(path: string, accept = 'text/html') {
    const answer = await ask(path, { headers: { Accept: accept } })
    return { status: answer.status, text: await answer.text() }
  }

  /** The fields that a model’s form sends besides its inputs, as its page has them. */
  async function openForm(address: string): Promise<Record<string, string>> {
    const { text } = await get(address)
    const hidden = text.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)
    const isPrivate = /<input type="checkbox" name="private"[^>]* checked/.test(text)
    return {
      ...Object.fromEntries([...hidden].map(([, field, value]) => [field, value])),
      ...(isPrivate ? { private: 'true' } : {}),
    }
  }

  function post(path: string, values: FormValues = {}): Promise<Response> {
    const isEmpty = Object.keys(values).length === 0
    return ask(path, { method: 'POST', ...(isEmpty ? {} : { body: toFormData(values) }) })
  }

  return {
    ask,
    get,
    post,
    openForm,
    /** Fills in the form at an address and presses Run. */
    async run(address: string, values: FormValues = {}): Promise<Response> {
      return post(sandpit.paths.predictions(), { ...(await openForm(address)), ...values })
    },
  }
}
