import { describeProvider } from '../conformance.ts'
import { setUpOpenAi } from '../support/openai-parts.ts'

describeProvider('openai at vLLM', () => setUpOpenAi('vllm'))
describeProvider('openai at llama.cpp', () => setUpOpenAi('llama'))
