import type { Page } from 'playwright'

/** The id of the prediction that a response leads to; empty when it leads elsewhere. */
export function idIn(response: Response): string {
  return idInAddress(response.headers.get('Location') ?? '')
}

/** The id of the prediction in the address of its workspace or of its own page. */
export function idInAddress(address: string): string {
  return /(?:\/p\/|[?&]prediction=)([a-z2-7]{26})/.exec(address)?.[1] ?? ''
}

/** The path of the permanent page of the prediction that a page shows. */
export function recordOf(page: Page): string {
  const url = new URL(page.url())
  const base = url.pathname.split('/').slice(0, -2).join('/')
  return `${base}/p/${idInAddress(url.href)}`
}
