import { dirname } from 'node:path';
import { env, InferenceSession, Tensor } from 'onnxruntime-node';
import { ModelError, reasonOf } from '../../errors.js';
import type { TensorFeed } from '../../image/feed.js';
import { float16ToNumber, numberToFloat16 } from '../onnx/tensor.js';
import type { Fetched, Runtime, SessionOptions } from './session.js';

// Errors are thrown with their reason, so the runtime need not print them.
env.logLevel = 'fatal';

// From 1.29 on, unless this is set before the first session, the runtime sends names and digests of models to its maker,
// keeps what is to be sent in the home folder, and empties a file of a known name in the folder for temporary ones.
process.env.ORT_DISABLE_TELEMETRY ||= '1';

const asFloat32 = (tensor: Tensor, name: string): Float32Array => {
  const { data, type } = tensor;
  if (data instanceof Float32Array) return data;
  if (type === 'float16') return Float32Array.from(data as Uint16Array, float16ToNumber);
  if (data instanceof Float64Array || data instanceof Uint8Array || data instanceof Int8Array) {
    return Float32Array.from(data);
  }
  if (data instanceof Int32Array || data instanceof BigInt64Array) return Float32Array.from(data, Number);
  throw new ModelError('unsupported-type', `Tensor ${JSON.stringify(name)} of the model holds ${type}, not numbers.`);
};

const ortTensor = ({ type, data, dims }: TensorFeed): Tensor => {
  if (type === 'float16') return new Tensor('float16', Uint16Array.from(data, numberToFloat16), dims);
  if (type === 'uint8') return new Tensor('uint8', Uint8Array.from(data), dims);
  return new Tensor('float32', data, dims);
};

// As many as the largest single picture has, 8192 x 8192 in three channels.
const MAX_REPEATED = 3 * 2 ** 26;

/**
 * The same picture `places` times, one after the other.
 * @throws ModelError `input-too-large`.
 */
const repeated = (feed: TensorFeed, places: number): TensorFeed => {
  if (places === 1) return feed;
  const { length } = feed.data;
  if (length * places > MAX_REPEATED) {
    throw new ModelError(
      'input-too-large',
      `The model takes ${places} pictures at a time, with more than 201 million numbers, which are not fed; save it with batch 1 or a free batch.`,
    );
  }
  const data = new Float32Array(length * places);
  for (let place = 0; place < places; place++) data.set(feed.data, place * length);
  return { ...feed, data, dims: [places, ...feed.dims.slice(1)] };
};

/** Number of pictures that the network takes at a time. A free batch counts as 1. */
const placesOf = ({ inputMetadata }: InferenceSession): number => {
  const [input] = inputMetadata;
  const first = input?.isTensor === true ? input.shape[0] : undefined;
  return typeof first === 'number' && first > 1 ? first : 1;
};

/** How ONNX Runtime may compute a network. */
interface Kernels {
  /** Whether int8 products on x64 are computed by the precise kernels. */
  readonly precise: boolean;
  readonly optimised: boolean;
}

const load = (bytes: Uint8Array, { file, threads }: SessionOptions, how: Kernels): Promise<InferenceSession> =>
  InferenceSession.create(bytes, {
    intraOpNumThreads: threads,
    logSeverityLevel: 4,
    graphOptimizationLevel: how.optimised ? 'all' : 'disabled',
    extra: {
      session: {
        model_external_initializers_file_folder_path: dirname(file),
        ...(how.precise && { x64quantprecision: '1' }),
      },
    },
  });

/**
 * Asks for precise int8 kernels, since the fast ones overflow on processors with AVX2 but no VNNI. On other processors
 * both are the same. Operators on two int8 tensors have no precise kernel, and need none. Graphs on which ONNX Runtime's
 * optimiser fails run unoptimised.
 */
const loadPrecisely = (bytes: Uint8Array, options: SessionOptions): Promise<InferenceSession> =>
  load(bytes, options, { precise: true, optimised: true }).catch((error: unknown) => {
    if (/Failed to find kernel/.test(String(error))) {
      return load(bytes, options, { precise: false, optimised: true });
    }
    if (/Exception during initialization/.test(String(error))) {
      return load(bytes, options, { precise: true, optimised: false });
    }
    throw error;
  });

const tensorsOf = async (
  session: InferenceSession,
  feed: TensorFeed,
  fetches: readonly string[],
): Promise<ReadonlyMap<string, Fetched>> => {
  const result = await session.run({ [feed.name]: ortTensor(feed) }, fetches).catch((error: unknown) => {
    throw new ModelError('not-runnable', `ONNX Runtime cannot run the model: ${reasonOf(error)}.`, error);
  });
  return new Map(
    fetches.map((name): [string, Fetched] => {
      const { type, dims } = result[name];
      return [name, { type, dims, data: asFloat32(result[name], name) }];
    }),
  );
};

/** ONNX Runtime on the CPU, one picture at a time. */
export const onnxruntimeNode: Runtime = {
  open: async (bytes, options) => {
    const session = await loadPrecisely(bytes, options).catch((error: unknown) => {
      throw new ModelError('not-loadable', `ONNX Runtime cannot load the model: ${reasonOf(error)}.`, error);
    });
    const places = placesOf(session);
    return {
      run: async (feeds, fetches) => {
        const results: ReadonlyMap<string, Fetched>[] = [];
        for (const feed of feeds) results.push(await tensorsOf(session, repeated(feed, places), fetches));
        return results;
      },
    };
  },
};
