import { type Json, type JsonObject, parseJson } from '../../../src/domain/json/json.ts'
import { listIn, objectIn, textIn } from '../../../src/domain/json/parts.ts'
import type { Part, ProviderSetUp } from '../conformance.ts'
import { parts } from '../conformance.ts'
import { openAiOver } from '../openai/support/provider.ts'
import {
  type Asked,
  modelList,
  type Routes,
  refusing,
  startUpstream,
  streaming,
  type Writing,
} from '../openai/support/upstream.ts'

/** Each part of the conformance suite, as a chat model writes it. Its input is the question, as JSON. */
const models: Readonly<Record<Exclude<Part, 'copy' | 'fail'>, (writing: Writing) => unknown>> = {
  echo({ asked, text, end }) {
    text(textIn(inputOf(asked).text))
    end()
  },
  async stream({ asked, text, end, work }) {
    for (let item = 1; item <= Number(inputOf(asked).count); item++) {
      text(`${item} `)
      await work(30)
    }
    end()
  },
  async report({ event, reasoning, text, end, work }) {
    event({ choices: [], prompt_progress: { total: 2, cache: 0, processed: 1, time_ms: 1 } })
    await work(30)
    reasoning('step 1\n')
    reasoning('step 2\n')
    text('reported')
    end()
  },
  async slow({ reasoning, work, end }) {
    reasoning('working\n')
    await work(60_000)
    end()
  },
  garbage({ event, end }) {
    event({ choices: [{ index: 0, delta: { content: 42, role: ['assistant'] } }] })
    end()
  },
  async vanish({ reasoning, response }) {
    reasoning('working\n')
    response.socket?.end()
  },
}

function inputOf({ body }: Asked): JsonObject {
  const prompt = textIn(objectIn(listIn(body.messages).at(-1)).content)
  return objectIn(parseJson(prompt))
}

/** The parts of the conformance suite at a server that speaks OpenAI's API, of one dialect. */
export async function setUpOpenAi(dialect: 'vllm' | 'llama'): Promise<ProviderSetUp> {
  let working = 0
  const chat: Routes[string] = async (asked, response) => {
    const part = parts.find((one) => one === asked.body.model)
    if (part === 'fail')
      return refusing(400, { error: { message: textIn(inputOf(asked).reason) } })(asked, response)
    if (part === undefined || part === 'copy') return refusing(404, {})(asked, response)
    if (part === 'slow') working++
    await streaming(async (writing) => void (await models[part](writing)))(asked, response)
    if (part === 'slow') working--
  }
  const owner = dialect === 'llama' ? 'llamacpp' : 'vllm'
  const server = await startUpstream({
    'GET /v1/models': modelList(parts, owner),
    'POST /v1/chat/completions': chat,
  })
  const { provider, close } = openAiOver({
    models: parts.map((part) => [`test/${part}`, `${server.url}/v1#${part}`] as const),
  })
  return {
    provider,
    model: (part) => ({ owner: 'test', name: part }),
    lacks: ['names', 'files', 'values'],
    input: (input) => ({ prompt: JSON.stringify(input) }),
    made: (output) => joined(output),
    // A request that is answered after a connection was closed shows that this was noticed.
    working: async () => {
      await fetch(`${server.url}/v1/models`)
      return working
    },
    async close() {
      await close()
      await server.close()
    },
  }
}

function joined(output: Json): Json {
  return Array.isArray(output) ? output.join('') : output
}
