/** A response that tells when its body has been read to the end (true), or is not wanted any more (false). */
export function observeBody(response: Response, onEnd: (isComplete: boolean) => void): Response {
  const reader = response.body?.getReader();
  if (reader === undefined) {
    onEnd(true);
    return response;
  }
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (!done) return controller.enqueue(value);
        onEnd(true);
        controller.close();
      } catch (error) {
        onEnd(false);
        controller.error(error);
      }
    },
    async cancel(reason) {
      onEnd(false);
      await reader.cancel(reason);
    },
  });
  return new Response(body, response);
}
