/** Texts of the API reference. */
export const docs = {
  title: "API",
  openApi: "OpenAPI 3.1",
  otherRoutes: "Other",
  parameter: "Parameter",
  in: "In",
  type: "Type",
  description: "Description",
  optional: "optional",
  example: (value: string) => `for example ${value}`,
  body: "Body",
  answers: "Answers",
  errors: "Errors",
  code: "Code",
  status: "Status",
  meaning: "Meaning",
};
