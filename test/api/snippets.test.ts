import { execFile } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type DefaultTreeAdapterTypes, parse } from 'parse5'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { root } from '../../src/root.ts'
import { type ApiServer, startApi, token } from './support.ts'

let sandpit: ApiServer
beforeAll(async () => {
  sandpit = await startApi()
})
afterAll(() => sandpit.stop())

/** The code that the API tab of a model shows, as somebody copies it. */
async function snippetAt(path: string): Promise<string> {
  const html = await (await fetch(sandpit.url + path)).text()
  return textOf(elementWith('snippet', parse(html)))
}

type Node = DefaultTreeAdapterTypes.Node

function elementWith(id: string, node: Node): Node | undefined {
  if ('attrs' in node && node.attrs.some(({ name, value }) => name === 'id' && value === id))
    return node
  const children = 'childNodes' in node ? node.childNodes : []
  return children.map((child) => elementWith(id, child)).find((found) => found !== undefined)
}

function textOf(node: Node | undefined): string {
  if (!node) return ''
  if ('value' in node) return node.value
  return 'childNodes' in node ? node.childNodes.map(textOf).join('') : ''
}

/** The output of a Node.js program, run where the client is installed. */
async function printedBy(source: string, folder: string): Promise<string> {
  const ran = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', source],
    { cwd: folder, env: { PATH: process.env.PATH, SANDPIT_TOKEN: token, PASSWORD: 'hush' } },
  )
  return ran.stdout
}

function installed(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sandpit-snippet-'))
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  return folder
}

it('for Node.js runs as it stands', async () => {
  const text = `It's "so"\n\\ \u2028 $\{x} \`y\` ü`
  const query = new URLSearchParams({ 'input.text': text, 'input.times': '2' })
  const source = await snippetAt(`/test/echo/api?${query}`)
  expect(await printedBy(source, installed())).toBe(`${text}${text}\n`)
})

it('for Node.js streams as it stands', async () => {
  const query = new URLSearchParams({ 'input.words': '["one ","two"]', variant: 'stream' })
  expect(await printedBy(await snippetAt(`/test/words/api?${query}`), installed())).toBe('one two')
})

it('for Node.js takes secrets from the environment', async () => {
  const printed = await printedBy(await snippetAt('/test/keeper/api'), installed())
  expect(printed).toBe('It has 4 characters.\n')
})

it('for Node.js reads a file and saves what comes out', async () => {
  const folder = installed()
  copyFileSync(join(root, 'models/image-tools/photo.jpg'), join(folder, 'photo.jpg'))
  await printedBy(await snippetAt('/sandpit/image-tools/api'), folder)
  expect(readFileSync(join(folder, 'output')).toString('latin1', 8, 12)).toBe('WEBP')
})

it('for Node.js saves each of several files', async () => {
  const folder = installed()
  await printedBy(await snippetAt('/test/pictures/api?input.count=2'), folder)
  for (const name of ['output-0', 'output-1'])
    expect(readFileSync(join(folder, name)).toString('latin1', 1, 4)).toBe('PNG')
})

it('stands below the base URL that it has', async () => {
  const page = async (language: string) =>
    (await fetch(`${sandpit.url}/test/echo/api?language=${language}`)).text()
  expect(await page('node')).toContain(`<code>${sandpit.url}/v1</code>`)
  expect(await page('curl')).toContain(`<code>${sandpit.url}/v1</code>`)
  expect(await page('python')).toContain(`<code>${sandpit.url}</code>`)
})

it('has the inputs of a run once there is one', async () => {
  const html = await (await fetch(`${sandpit.url}/test/echo`)).text()
  const hidden = (name: string) =>
    new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? ''
  const body = new FormData()
  for (const name of ['model', 'version', 'key']) body.append(name, hidden(name))
  body.append('input.text', 'as it was run')
  const headers = {
    'HX-Request': 'true',
    'HX-Request-Type': 'partial',
    'Sec-Fetch-Site': 'same-origin',
  }
  const answer = await (
    await fetch(`${sandpit.url}/predictions`, { method: 'POST', body, headers })
  ).text()
  const [, href = ''] = /id="api-tab" href="([^"]+)"/.exec(answer) ?? []
  expect(await (await fetch(new URL(href, sandpit.url))).text()).toContain('as it was run')
})
