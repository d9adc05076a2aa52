import { isUtf8 } from 'node:buffer';
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { fromEnv } from '@aws-sdk/credential-provider-env';
import { Sha256 } from '@smithy/core/checksum';
import { SignatureV4 } from '@smithy/signature-v4';
import { TOKEN_HOOK_ANSWER_MAX_BYTES, TOKEN_HOOK_TIMEOUT_MILLISECONDS } from '../../core/limits.ts';
import { type TokenHook, TokenHookError } from '../../core/ports/token-hook.ts';

/** A request that is signed, and can be sent more than once. */
interface SignedRequest {
  readonly url: URL;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/**
 * A hook that is a Lambda: one Invoke, by the signer that the AWS clients have in the bundle anyway, and without Lambda's own client.
 *
 * It is not tried again: what hooks do besides answering is theirs. A connection that Lambda ended while it was idle is opened anew.
 */
export function lambdaTokenHook(
  functionArn: string,
  timeoutMilliseconds = TOKEN_HOOK_TIMEOUT_MILLISECONDS,
): TokenHook {
  const [, partition, , region = ''] = functionArn.split(':');
  const url = new URL(
    `/2015-03-31/functions/${encodeURIComponent(functionArn)}/invocations`,
    process.env['AWS_ENDPOINT_URL_LAMBDA'] ??
      process.env['AWS_ENDPOINT_URL'] ??
      `https://lambda.${region}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}`,
  );
  const signer = new SignatureV4({ service: 'lambda', region, credentials: fromEnv(), sha256: Sha256 });
  return {
    async ask(decision) {
      const signal = AbortSignal.timeout(timeoutMilliseconds);
      try {
        return await readAnswer(await send(await sign(url, JSON.stringify(decision), signer), signal));
      } catch (error) {
        if (error instanceof TokenHookError) throw error;
        if (signal.aborted) throw new TokenHookError('hook_timeout', 'the hook took too long', error);
        throw new TokenHookError('hook_failed', `the hook cannot be called (${codeOf(error)})`, error);
      }
    },
  };
}

async function sign(url: URL, body: string, signer: SignatureV4): Promise<SignedRequest> {
  const { protocol, hostname, host, pathname: path } = url;
  const headers = {
    Host: host,
    'Content-Type': 'application/json',
    'X-Amz-Invocation-Type': 'RequestResponse',
  };
  const signed = await signer.sign({ method: 'POST', protocol, hostname, path, headers, body });
  return { url, headers: signed.headers, body };
}

async function send({ url, headers, body }: SignedRequest, signal: AbortSignal): Promise<IncomingMessage> {
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const sent = request(url, { method: 'POST', headers, signal });
  try {
    sent.end(body);
    const [response] = await once(sent, 'response');
    // What fails after the answer began is told by its body as well.
    sent.on('error', () => {});
    return response;
  } catch (error) {
    const wasIdle = sent.reusedSocket && ['ECONNRESET', 'EPIPE'].includes(codeOf(error));
    if (wasIdle) return send({ url, headers, body }, signal);
    throw error;
  }
}

async function readAnswer(response: IncomingMessage): Promise<string> {
  const failure = failureIn(response);
  if (failure !== undefined) {
    response.destroy();
    throw new TokenHookError('hook_failed', failure);
  }
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response) {
    length += chunk.length;
    if (length > TOKEN_HOOK_ANSWER_MAX_BYTES)
      throw new TokenHookError(
        'hook_invalid_answer',
        `the answer has more than ${TOKEN_HOOK_ANSWER_MAX_BYTES} bytes`,
      );
    chunks.push(chunk);
  }
  const answer = Buffer.concat(chunks);
  if (!isUtf8(answer)) throw new TokenHookError('hook_invalid_answer', 'the answer is no UTF-8');
  return answer.toString();
}

/** The body of a failure is not read: of a function that threw it is what was thrown, which its own log has. */
function failureIn({ statusCode, headers }: IncomingMessage): string | undefined {
  if (statusCode !== 200) return `Lambda answered ${statusCode}`;
  return 'x-amz-function-error' in headers ? 'the hook threw, or ran out of its own time' : undefined;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'no connection';
}
