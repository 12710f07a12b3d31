import { whyNoContainers } from '../../test/support/containers/trial.ts'
import { atMost, type Row } from '../row.ts'
import { askOnce } from '../support/connection.ts'
import { type Contained, withContainers } from '../support/containers.ts'
import { quantile } from '../support/numbers.ts'
import { sleep } from '../support/process.ts'
import { createProgram } from '../support/program.ts'

const starts = 7
const warmUps = 30
const runs = 200

export const containers: Row = {
  name: '19',
  title: `A model by its image: ${starts} starts of its container, and ${runs} runs beside the same container by its URL, in turns`,
  missing: whyNoContainers,
  measure: (checkout) =>
    withContainers(checkout, async (contained) => {
      const cold = await coldStarts(contained)
      const { byImage, byUrl } = await inTurns(contained)
      const more = byImage.map((time, at) => time - (byUrl[at] ?? 0))
      return [
        {
          what: 'asked → output, no container runs, p50',
          value: quantile(cold, 0.5) / 1_000,
          unit: 's',
          budget: atMost(2),
        },
        {
          what: 'the longest of them',
          value: quantile(cold, 1) / 1_000,
          unit: 's',
          budget: null,
        },
        {
          what: 'a warm run more than by URL, p50',
          value: quantile(more, 0.5),
          unit: 'ms',
          budget: atMost(2),
        },
        { what: 'by image, p50', value: quantile(byImage, 0.5), unit: 'ms', budget: null },
        { what: 'by URL, p50', value: quantile(byUrl, 0.5), unit: 'ms', budget: null },
      ]
    }),
}

/** Milliseconds of runs each of which has to wait for a new container. */
async function coldStarts({ server, containers }: Contained): Promise<readonly number[]> {
  const times: number[] = []
  for (let start = 0; start < starts; start++) {
    times.push(await timeOf(server.port, 'bench/brief'))
    while ((await containers()).length > 0) await sleep(50)
  }
  return times
}

/** Milliseconds of runs in one container, by its image and by its URL in turns. */
async function inTurns({ server: { port }, address }: Contained) {
  const byImage: number[] = []
  const byUrl: number[] = []
  await timeOf(port, 'bench/echo')
  const program = createProgram(port)
  const model = { owner: 'bench', name: 'plain', visibility: 'public', hardware: 'cpu' }
  await askOnce(port, program.post('/v1/models', model))
  const source = { cog_url: `http://${await address()}:5000` }
  await askOnce(port, program.post('/v1/models/bench/plain/versions', source))
  for (let run = -warmUps; run < runs; run++) {
    const [image, url] = [await timeOf(port, 'bench/echo'), await timeOf(port, 'bench/plain')]
    if (run < 0) continue
    byImage.push(image)
    byUrl.push(url)
  }
  return { byImage, byUrl }
}

/** Milliseconds from the request for a run to the answer with its output. */
async function timeOf(port: number, version: string): Promise<number> {
  const request = createProgram(port).post(
    '/v1/predictions',
    { version, input: { name: 'bench' } },
    'wait',
  )
  const asked = performance.now()
  const { body } = await askOnce(port, request)
  const took = performance.now() - asked
  const { status, error } = JSON.parse(body.toString())
  if (status !== 'succeeded') throw new Error(`A run of ${version} is ${status}: ${error}`)
  return took
}
