import type { Page } from 'playwright'
import { startBrowser } from '../../test/support/browser.ts'

/** Opens a page in a new browser during `use`. */
export async function withPage<T>(use: (page: Page) => Promise<T>): Promise<T> {
  const browser = await startBrowser()
  try {
    return await use(await (await browser.newContext()).newPage())
  } finally {
    await browser.close()
  }
}
