use super::kind;

#[test]
fn aws_names_tell_the_kind() {
    let cases = [
        ("PetSearch_AWS::ECS::Fargate", ("SW", "app", "container")),
        ("lambdastatusupdater_AWS::Lambda::Function", ("SW", "app", "function")),
        ("petInfo_AWS::DynamoDB::Table", ("SW", "db", "nosql")),
        ("adoptions@services-database.us-west-2.rds.amazonaws.com_Database::SQL", ("SW", "db", "sql")),
        ("servi-lista.us-west-2.elb.amazonaws.com_remote", ("HW", "network", "load_balancer")),
        ("PetAdoptionStatusUpdater/prod_AWS::ApiGateway::Stage", ("HW", "network", "gateway")),
        ("https://sqs.us-west-2.amazonaws.com/Services-sqspetadoption_AWS::SQS::Queue", ("SW", "app", "queue")),
        ("S3_AWS::S3", ("HW", "storage", "object_store")),
        ("www.amazon.com_remote", ("SW", "app", "external")),
        ("PetSite", ("SW", "app", "service")),
    ];
    for (node, expected) in cases {
        assert_eq!(kind(node), expected, "{node}");
    }
}
