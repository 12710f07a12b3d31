import { describeProvider } from '../conformance.ts'
import { setUpGradio } from '../support/gradio-parts.ts'

describeProvider('gradio', setUpGradio)
