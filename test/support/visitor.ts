import type { TestApp } from './test-app.ts'

/** Form data: texts, files, or several of either under one name. */
export type FormValues = Readonly<Record<string, string | File | readonly (string | File)[]>>

/** A browser without scripts: it keeps cookies, fills in the forms it is given, and follows redirects. */
export function createVisitor({ app, paths }: Pick<TestApp, 'app' | 'paths'>) {
  const cookies = new Map<string, string>()

  function cookieHeader(): string {
    return [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  }

  async function request(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers)
    headers.set('Host', 'localhost')
    headers.set('Sec-Fetch-Site', 'same-origin')
    if (cookies.size > 0) headers.set('Cookie', cookieHeader())
    const response = await app.request(path, { ...init, headers })
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
      if (name && value !== undefined) cookies.set(name, value)
    }
    return response
  }

  /** The hidden fields of a model's form, as its page has them. */
  async function openForm(model: string): Promise<Record<string, string>> {
    const page = await (await request(`${paths.base}/${model}`)).text()
    const hidden = page.matchAll(
      /<input type="hidden" name="(model|version|pinned|key)" value="([^"]*)"/g,
    )
    return Object.fromEntries([...hidden].map(([, name, value]) => [name, value]))
  }

  return {
    request,
    /** The cookies that it keeps, as a header. */
    cookies: cookieHeader,
    openForm,
    post: (path: string, values: FormValues) =>
      request(path, { method: 'POST', body: toFormData(values) }),
    /** Fills in a model's form and presses Run. */
    async run(model: string, inputs: FormValues): Promise<Response> {
      const hidden = await openForm(model)
      const named = Object.entries(inputs).map(([name, value]) => [`input.${name}`, value] as const)
      return request(paths.predictions(), {
        method: 'POST',
        body: toFormData({ ...hidden, ...Object.fromEntries(named) }),
      })
    },
  }
}

export function toFormData(values: FormValues): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(values))
    for (const item of Array.isArray(value) ? value : [value]) form.append(name, item)
  return form
}
