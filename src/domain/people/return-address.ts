const longest = 2_048

/** First parts of the addresses of signing in and out, to which nobody needs to come back. */
const ofSignIn = /^\/(?:sign-in|sign-out|signed-out)(?:\/|$)/

/**
 * Where to go after a sign-in: the path and query of a page of this server, whose path begins with
 * `base`. Any other text gives its home page, so that no address that somebody made up leads elsewhere.
 */
export function returnAddress(text: string, base: string): string {
  const home = `${base}/`
  if (text.length > longest || !/^\/(?![/\\])/.test(text)) return home
  // Any origin that nobody can own. What browsers read as another host has another origin.
  const url = URL.parse(text, 'https://sandpit.invalid')
  if (url?.origin !== 'https://sandpit.invalid') return home
  const { pathname, search } = url
  if (!pathname.startsWith(home) || pathname.startsWith('//')) return home
  const isOfSignIn = ofSignIn.test(pathname.slice(base.length))
  return isOfSignIn ? home : pathname + search
}
