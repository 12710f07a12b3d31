/**
 * A worker that reads a large document of an upstream, and posts the selected parts back.
 * @module
 */
import { parentPort, workerData } from 'node:worker_threads'
import { type DocumentWork, documentIn } from './document.ts'

parentPort?.postMessage(documentIn(workerData as DocumentWork))
