/** Messages that keep template and parameters apart, so that a door can print them in its reader's language. */

/** A parameter of a message; null and undefined print as nothing. */
export type Parameter = string | number | bigint | boolean | null | undefined | Message;

/** A message: `{0}`, `{1}`, … in the template are its parameters. As a string it is English. */
export class Message {
  readonly template: string;
  readonly parameters: readonly Parameter[];

  constructor(template: string, parameters: readonly Parameter[] = []) {
    this.template = template;
    this.parameters = parameters;
  }

  toString(): string {
    return render(this);
  }
}

/**
 * A message as a tagged template.
 * @example phrase`measure "${name}" not found`
 */
export function phrase(strings: TemplateStringsArray, ...parameters: readonly Parameter[]): Message {
  return new Message(strings.map((part, i) => (i === 0 ? part : `{${i - 1}}${part}`)).join(""), parameters);
}

/** A message, or a plain string without parameters. */
export type Sentence = string | Message;

/**
 * A message as it is kept: a plain string is a template without parameters. One that crossed a process is plain data.
 */
export type Text = string | Pick<Message, "template" | "parameters">;

/** Prints a message. @param translate gives the template in another language; English without it */
export function render(text: Text, translate: (template: string) => string = (template) => template): string {
  if (typeof text === "string") return translate(text);
  return translate(text.template).replace(/\{(\d+)\}/g, (whole, position: string) => {
    const parameter = text.parameters[Number(position)];
    if (parameter === undefined || parameter === null) return Number(position) < text.parameters.length ? "" : whole;
    return typeof parameter === "object" ? render(parameter, translate) : String(parameter);
  });
}

/** The message with every string parameter changed, for example to redact secrets; templates are constants and stay. */
export function withParameters(text: Text, change: (value: string) => string): Message {
  if (typeof text === "string") return new Message(change(text));
  return new Message(
    text.template,
    text.parameters.map((parameter) => {
      if (typeof parameter === "string") return change(parameter);
      return typeof parameter === "object" && parameter !== null ? withParameters(parameter, change) : parameter;
    }),
  );
}
