/** A browser without scripts that keeps the cookies of several sites, over real connections. */
export type CookieBrowser = ReturnType<typeof createCookieBrowser>

/** A response, and the address that it came from. */
export interface Shown {
  readonly url: URL
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

interface Cookie {
  readonly value: string
  readonly path: string
}

export function createCookieBrowser() {
  const jars = new Map<string, Map<string, Cookie>>()

  function jarOf({ hostname }: URL): Map<string, Cookie> {
    const jar = jars.get(hostname) ?? new Map<string, Cookie>()
    jars.set(hostname, jar)
    return jar
  }

  function keepCookies(url: URL, headers: Headers): void {
    for (const text of headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(text) ?? []
      const path = /;\s*path=([^;]*)/i.exec(text)?.[1] ?? '/'
      if (/;\s*max-age=0\b/i.test(text) || /expires=Thu, 01 Jan 1970/i.test(text))
        jarOf(url).delete(name)
      else jarOf(url).set(name, { value, path })
    }
  }

  function cookiesFor(url: URL): string {
    return [...jarOf(url)]
      .filter(([, { path }]) => url.pathname.startsWith(path))
      .map(([name, { value }]) => `${name}=${value}`)
      .join('; ')
  }

  /** One request, without following a redirect. */
  async function ask(address: string | URL, init: RequestInit = {}): Promise<Shown> {
    const url = new URL(address)
    const headers = new Headers(init.headers)
    const cookies = cookiesFor(url)
    if (cookies !== '') headers.set('Cookie', cookies)
    if (!headers.has('Accept')) headers.set('Accept', 'text/html,*/*;q=0.8')
    if (init.method === 'POST' && !headers.has('Sec-Fetch-Site'))
      headers.set('Sec-Fetch-Site', 'same-origin')
    const response = await fetch(url, { ...init, headers, redirect: 'manual' })
    keepCookies(url, response.headers)
    return { url, status: response.status, headers: response.headers, text: await response.text() }
  }

  /** Where a response redirects to; null when it does not. */
  function next({ url, status, headers }: Shown): URL | null {
    const to = headers.get('Location')
    return status >= 300 && status < 400 && to !== null ? new URL(to, url) : null
  }

  /** Opens an address and follows redirects, until a page or until `stop` says so. */
  async function open(
    address: string | URL,
    stop: (url: URL) => boolean = () => false,
    init: RequestInit = {},
  ): Promise<Shown> {
    let shown = await ask(address, init)
    for (let hops = 0; hops < 20; hops++) {
      const to = next(shown)
      if (!to || stop(to)) return shown
      shown = await ask(to)
    }
    throw new Error(`Redirects do not end at ${shown.url}`)
  }

  /** Sends the form of a page with some of its fields filled in. */
  function send(
    shown: Shown,
    values: Readonly<Record<string, string>>,
    stop?: (url: URL) => boolean,
  ): Promise<Shown> {
    const action = /<form[^>]* action="([^"]*)"/.exec(shown.text)?.[1] ?? ''
    const hidden = shown.text.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)
    const fields = [...hidden].map(([, name = '', value = '']): [string, string] => [name, value])
    const body = new URLSearchParams([...fields, ...Object.entries(values)])
    const to = new URL(action.replaceAll('&amp;', '&'), shown.url)
    return open(to, stop, { method: 'POST', body })
  }

  return {
    ask,
    open,
    send,
    next,
    /** Goes through the pages of the provider as somebody, until they are sent back to the app. */
    async signIn(address: string | URL, login: string, stop?: (url: URL) => boolean) {
      let shown = await open(address, stop)
      for (let pages = 0; pages < 4 && shown.text.includes('name="prompt"'); pages++)
        shown = await send(
          shown,
          shown.text.includes('name="login"') ? { login, password: 'x' } : {},
          stop,
        )
      return shown
    },
    cookie: (address: string, name: string): string | undefined =>
      jarOf(new URL(address)).get(name)?.value,
    cookies: (address: string) => [...jarOf(new URL(address)).keys()],
    setCookie(address: string, name: string, value: string): void {
      jarOf(new URL(address)).set(name, { value, path: '/' })
    },
    deleteCookie: (address: string, name: string) => jarOf(new URL(address)).delete(name),
  }
}
