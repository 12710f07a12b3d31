import { afterEach, describe, expect, it } from 'vitest'
import { createCookieBrowser } from '../support/cookie-browser.ts'
import { type SignedInOptions, startSignedInApp } from '../support/signed-in-app.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function start(options: SignedInOptions = {}) {
  const started = await startSignedInApp({
    people: { ann: { name: 'Ann Kestrel', preferred_username: 'Ann', groups: ['vision'] } },
    ...options,
  })
  closing.push(started.close)
  return { ...started, browser: createCookieBrowser() }
}

describe('signing in', () => {
  it('asks at every page, leads to the provider, and back to the page', async () => {
    const { url, browser, sandpit } = await start()
    const asked = await browser.open(`${url}/predictions?q=posters`)
    expect(asked.status).toBe(401)
    expect(asked.text).toContain('Sign in with Keycloak')
    expect(asked.text).toContain('href="/sign-in?to=%2Fpredictions%3Fq%3Dposters"')
    const shown = await browser.signIn(`${url}/sign-in?to=%2Fpredictions%3Fq%3Dposters`, 'ann')
    expect(shown.url.href).toBe(`${url}/predictions?q=posters`)
    expect(shown.status).toBe(200)
    expect(shown.text).toContain('<a href="/account">ann</a>')
    const [ann] = await sandpit.store.people(10, null)
    expect(ann).toMatchObject({ handle: 'ann', name: 'Ann Kestrel', groups: ['vision'] })
  })
})
