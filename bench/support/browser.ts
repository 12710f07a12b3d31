import type { Page } from 'playwright'
import { startBrowser } from '../../test/support/browser.ts'

/** A page of a fresh browser for as long as `use` takes. */
export async function withPage<T>(use: (page: Page) => Promise<T>): Promise<T> {
  const browser = await startBrowser()
  try {
    return await use(await (await browser.newContext()).newPage())
  } finally {
    await browser.close()
  }
}
