import type { Page } from 'playwright'

const timeLimitMs = 30_000

/** Opens the page of a running `bench/clock`, and answers the age of so many changes when they are in its DOM. */
export async function agesInDom(page: Page, url: string, changes: number): Promise<number[]> {
  await page.goto(url)
  return page.evaluate(ages, { count: changes, timeLimitMs })
}

/** In the page: the age of each timestamp when it is in the DOM. */
function ages({ count, timeLimitMs }: Record<'count' | 'timeLimitMs', number>): Promise<number[]> {
  return new Promise((resolve, reject) => {
    const all: number[] = []
    let seen = document.querySelector('#prediction .stream')?.textContent ?? ''
    const observer = new MutationObserver(() => {
      const text = document.querySelector('#prediction .stream')?.textContent ?? ''
      const last = text.slice(text.lastIndexOf('@') + 1)
      if (text === seen || last === '') return
      seen = text
      all.push(Date.now() - Number(last))
      if (all.length === count) finish()
    })
    const finish = () => {
      observer.disconnect()
      resolve(all)
    }
    observer.observe(document.body, { childList: true, subtree: true, characterData: true })
    setTimeout(
      () => (all.length > 0 ? finish() : reject(new Error('Nothing changed'))),
      timeLimitMs,
    )
  })
}
