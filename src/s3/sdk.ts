import type { S3Client } from '@aws-sdk/client-s3';
import { systemCode, UsageError } from '../errors.js';

export type Sdk = typeof import('@aws-sdk/client-s3');

// What is used where neither the environment nor a profile names a region. Services other than AWS ignore it.
const REGION = 'us-east-1';

let loading: Promise<Sdk> | undefined;

/** Loads the SDK when a bucket is first named: it takes a tenth of a second and 20 MB of disk. @throws UsageError `no-s3-client`. */
export const loadSdk = (): Promise<Sdk> => {
  // A remark about versions of Node to come, on standard error.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  loading ??= import('@aws-sdk/client-s3').catch((error: unknown) => {
    if (systemCode(error) !== 'ERR_MODULE_NOT_FOUND') throw error;
    const message =
      'Buckets are read and written by a package that is not installed; run npm install @aws-sdk/client-s3.';
    throw new UsageError('no-s3-client', message);
  });
  return loading;
};

/** @throws UsageError `usage` where it is no address. What it holds is not repeated: it may have a password. */
const endpointOf = ({ AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL }: NodeJS.ProcessEnv): string | undefined => {
  const endpoint = AWS_ENDPOINT_URL_S3 || AWS_ENDPOINT_URL || undefined;
  if (endpoint === undefined || /^https?:$/.test(protocolOf(endpoint))) return endpoint;
  throw new UsageError('usage', 'AWS_ENDPOINT_URL is no address of a service; write it as http://host:9000.');
};

const protocolOf = (address: string): string => (URL.canParse(address) ? new URL(address).protocol : '');

/**
 * A client with the SDK's own chain of credentials. A service that is not AWS is found by AWS_ENDPOINT_URL_S3 or
 * AWS_ENDPOINT_URL; it is sent no checksums that it may not know, and its buckets are in the path.
 */
export const sdkClient = async ({ S3Client }: Sdk): Promise<S3Client> => {
  const endpoint = endpointOf(process.env);
  const region = process.env.AWS_REGION || process.env.AWS_DEFAULT_REGION;
  const config = {
    // Tries are counted in `withPatience`, which also sees bodies that break off.
    maxAttempts: 1,
    followRegionRedirects: true,
    ...(region && { region }),
    ...(endpoint !== undefined && {
      endpoint,
      forcePathStyle: true,
      requestChecksumCalculation: 'WHEN_REQUIRED' as const,
      responseChecksumValidation: 'WHEN_REQUIRED' as const,
    }),
  };
  const client = new S3Client(config);
  // A profile may name a region, which only the SDK reads.
  const known = await client.config.region().catch(() => undefined);
  return known === undefined ? new S3Client({ ...config, region: REGION }) : client;
};
