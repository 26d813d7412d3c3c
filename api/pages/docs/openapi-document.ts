/** The parts of an OpenAPI document that the reference page shows. */

export interface OpenApiMedia {
  readonly schema?: { readonly $ref?: string; readonly example?: unknown };
}

export interface OpenApiParameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema?: { readonly type?: string; readonly enum?: readonly unknown[]; readonly example?: unknown };
}

export interface OpenApiAnswer {
  readonly description?: string;
  readonly content?: { readonly [type: string]: OpenApiMedia };
}

export interface OpenApiOperation {
  readonly tags?: readonly string[];
  readonly summary?: string;
  readonly parameters?: readonly OpenApiParameter[];
  readonly requestBody?: { readonly content?: { readonly [type: string]: OpenApiMedia } };
  readonly responses?: { readonly [status: string]: OpenApiAnswer };
}

export interface OpenApiDocument {
  readonly info: { readonly title: string; readonly description?: string };
  readonly paths?: { readonly [path: string]: { readonly [method: string]: OpenApiOperation } };
  readonly components?: { readonly schemas?: { readonly [name: string]: { readonly example?: unknown } } };
}

/** The example of an operation's JSON body; undefined for none. */
export const bodyExample = (operation: OpenApiOperation, document: OpenApiDocument): string | undefined => {
  const schema = operation.requestBody?.content?.["application/json"]?.schema;
  const name = schema?.$ref?.slice(schema.$ref.lastIndexOf("/") + 1);
  const example = schema?.example ?? document.components?.schemas?.[name ?? ""]?.example;
  return example === undefined ? undefined : JSON.stringify(example, null, 2);
};
