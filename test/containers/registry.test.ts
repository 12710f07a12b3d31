import { afterAll, beforeAll, expect, it } from 'vitest'
import { login, startDockerRegistry } from '../support/containers/docker-registry.ts'
import { type Sandpit, startSandpit } from './support.ts'

let registry: Awaited<ReturnType<typeof startDockerRegistry>>
let sandpit: Sandpit
let image: string
/** The id of the image once it is pulled. */
let pulled: string
beforeAll(async () => {
  registry = await startDockerRegistry()
  image = `${registry.host}/team/stored:1`
  sandpit = await startSandpit({
    environment: { SANDPIT_REGISTRIES: withPassword(login.password) },
  })
  const local = 'localhost/team/stored:1'
  await sandpit.build({ name: local, wishes: { greeting: 'stored' } })
  const form = ['--format', 'oci', '--compression-format', 'zstd']
  sandpit.podman.command(
    'push',
    '--creds',
    `${login.user}:${login.password}`,
    ...form,
    local,
    image,
  )
  sandpit.podman.command('rmi', local)
})
afterAll(async () => {
  await sandpit.end()
  await registry.stop()
})

const withPassword = (password: string) => `${registry.host}=${login.user}:${password}`

it('says what a private image is before it is pulled, and pulls it by its digest', async () => {
  await sandpit.add('stored', image)
  expect(await sandpit.page('/team/stored')).toContain('name="input.name"')
  expect(await sandpit.engine.image(image)).toBeNull()
  const { id } = await sandpit.run('team/stored', { name: 'ann' })
  const { error, output } = await sandpit.settled(id)
  expect(error).toBeNull()
  expect(output).toBe('stored ann')
  const [container] = await sandpit.containers()
  const found = await sandpit.engine.inspect(container?.id ?? '')
  pulled = found?.image ?? ''
  expect((await sandpit.engine.image(pulled))?.digests).toEqual([
    expect.stringMatching(new RegExp(`^${registry.host}/team/stored@sha256:[0-9a-f]{64}$`)),
  ])
})

it('says that the registry refuses a login, when an image is looked for and when it is pulled', async () => {
  await sandpit.stop()
  sandpit.podman.command('rmi', pulled)
  await sandpit.start({ SANDPIT_REGISTRIES: withPassword('another') })
  const looked = await (await sandpit.send('/models/new', { where: image })).text()
  expect(looked).toContain(`${registry.host} refuses the login`)
  const { id } = await sandpit.run('team/stored', { name: 'ann' })
  const { status, error } = await sandpit.settled(id)
  expect(status).toBe('failed')
  expect(error).toMatch(/authentication required/)
})
