import json

from education.schools import api


def test_the_schema_describes_bodies_answers_and_errors(client):
    schema = client.get("/api/v1/openapi.json").json()

    operations = {
        path.split("}/")[1]: item["post"] for path, item in schema["paths"].items() if "post" in item
    }
    assert set(operations) == {"tickets", "events", "events/batch"}
    questions = {path.split("}/")[1] for path, item in schema["paths"].items() if "get" in item}
    assert questions == {"enrolments", "credits", "deliveries", "summary"}
    events = operations["events"]
    body = events["requestBody"]["content"]["application/json"]
    assert set(body["schema"]["discriminator"]["mapping"]) == set(body["examples"]) - {
        "enrolment.created (document)"
    }
    assert set(events["responses"]) == {"200", "400", "401", "404", "409", "413", "415", "422", "429", "503"}
    assert set(events["responses"]["422"]["content"]) == {"application/problem+json"}
    names = {parameter["name"] for parameter in events["parameters"]}
    assert names == {"code", "dry_run", "webhook-id", "webhook-timestamp", "webhook-signature"}
    text = json.dumps(schema)
    refs = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert refs <= set(schema["components"]["schemas"])


def test_every_example_of_the_schema_is_a_valid_event(client):
    schema = client.get("/api/v1/openapi.json").json()
    events = schema["paths"]["/api/v1/institutions/{code}/events"]["post"]
    examples = events["requestBody"]["content"]["application/json"]["examples"]

    errors = {name: api.read_event("msg_1", example["value"]).errors for name, example in examples.items()}

    assert len(errors) == 7
    assert not any(errors.values())
