"""Generated from .proto files; changes are lost when it is generated again."""

FILES = {
    "yandex/cloud/compute/v1/hardware_generation.proto": (
        b"\x0a1yandex/cloud/compute/v1/hardware_gener"
        b"ation.proto\x12\x17yandex.cloud.compute.v1\x22\xe7\x01\x0a"
        b"\x12HardwareGeneration\x12Z\x0a\x0flegacy_features\x18\x01"
        b" \x01(\x0b2/.yandex.cloud.compute.v1.LegacyHar"
        b"dwareFeaturesH\x00R\x0elegacyFeatures\x12i\x0a\x14gener"
        b"ation2_features\x18\x02 \x01(\x0b24.yandex.cloud.com"
        b"pute.v1.Generation2HardwareFeaturesH\x00R\x13g"
        b"eneration2FeaturesB\x0a\x0a\x08features\x22a\x0a\x16Legacy"
        b"HardwareFeatures\x12G\x0a\x0cpci_topology\x18\x01 \x01(\x0e2$"
        b".yandex.cloud.compute.v1.PCITopologyR\x0bpc"
        b"iTopology\x22\x1d\x0a\x1bGeneration2HardwareFeatures"
        b"*U\x0a\x0bPCITopology\x12\x1c\x0a\x18PCI_TOPOLOGY_UNSPECIF"
        b"IED\x10\x00\x12\x13\x0a\x0fPCI_TOPOLOGY_V1\x10\x01\x12\x13\x0a\x0fPCI_TOPOLO"
        b"GY_V2\x10\x02b\x06proto3",
        (
        ),
    ),
    "yandex/cloud/compute/v1/image.proto": (
        b"\x0a#yandex/cloud/compute/v1/image.proto\x12\x17y"
        b"andex.cloud.compute.v1\x1a\x1fgoogle/protobuf/"
        b"timestamp.proto\x1a1yandex/cloud/compute/v1"
        b"/hardware_generation.proto\x1a!yandex/cloud"
        b"/compute/v1/kek.proto\x22\x94\x06\x0a\x05Image\x12\x0e\x0a\x02id\x18\x01 "
        b"\x01(\x09R\x02id\x12\x1b\x0a\x09folder_id\x18\x02 \x01(\x09R\x08folderId\x129\x0a\x0a"
        b"created_at\x18\x03 \x01(\x0b2\x1a.google.protobuf.Times"
        b"tampR\x09createdAt\x12\x12\x0a\x04name\x18\x04 \x01(\x09R\x04name\x12 \x0a\x0bd"
        b"escription\x18\x05 \x01(\x09R\x0bdescription\x12B\x0a\x06labels\x18"
        b"\x06 \x03(\x0b2*.yandex.cloud.compute.v1.Image.La"
        b"belsEntryR\x06labels\x12\x16\x0a\x06family\x18\x07 \x01(\x09R\x06famil"
        b"y\x12!\x0a\x0cstorage_size\x18\x08 \x01(\x03R\x0bstorageSize\x12\x22\x0a\x0d"
        b"min_disk_size\x18\x09 \x01(\x03R\x0bminDiskSize\x12\x1f\x0a\x0bprod"
        b"uct_ids\x18\x0a \x03(\x09R\x0aproductIds\x12=\x0a\x06status\x18\x0b \x01("
        b"\x0e2%.yandex.cloud.compute.v1.Image.Status"
        b"R\x06status\x12+\x0a\x02os\x18\x0c \x01(\x0b2\x1b.yandex.cloud.comp"
        b"ute.v1.OsR\x02os\x12\x16\x0a\x06pooled\x18\x0d \x01(\x08R\x06pooled\x12\x5c\x0a"
        b"\x13hardware_generation\x18\x0e \x01(\x0b2+.yandex.clou"
        b"d.compute.v1.HardwareGenerationR\x12hardwar"
        b"eGeneration\x128\x0a\x07kms_key\x18\x0f \x01(\x0b2\x1f.yandex.cl"
        b"oud.compute.v1.KMSKeyR\x06kmsKey\x1a9\x0a\x0bLabelsE"
        b"ntry\x12\x10\x0a\x03key\x18\x01 \x01(\x09R\x03key\x12\x14\x0a\x05value\x18\x02 \x01(\x09R\x05v"
        b"alue:\x028\x01\x22R\x0a\x06Status\x12\x16\x0a\x12STATUS_UNSPECIFIED"
        b"\x10\x00\x12\x0c\x0a\x08CREATING\x10\x01\x12\x09\x0a\x05READY\x10\x02\x12\x09\x0a\x05ERROR\x10\x03\x12\x0c"
        b"\x0a\x08DELETING\x10\x04\x22p\x0a\x02Os\x124\x0a\x04type\x18\x01 \x01(\x0e2 .yande"
        b"x.cloud.compute.v1.Os.TypeR\x04type\x224\x0a\x04Type"
        b"\x12\x14\x0a\x10TYPE_UNSPECIFIED\x10\x00\x12\x09\x0a\x05LINUX\x10\x01\x12\x0b\x0a\x07WIN"
        b"DOWS\x10\x02b\x06proto3",
        (
            "google/protobuf/timestamp.proto",
            "yandex/cloud/compute/v1/hardware_generation.proto",
            "yandex/cloud/compute/v1/kek.proto",
        ),
    ),
    "yandex/cloud/compute/v1/image_service.proto": (
        b"\x0a+yandex/cloud/compute/v1/image_service."
        b"proto\x12\x17yandex.cloud.compute.v1\x1a google/p"
        b"rotobuf/field_mask.proto\x1a1yandex/cloud/c"
        b"ompute/v1/hardware_generation.proto\x1a#yan"
        b"dex/cloud/compute/v1/image.proto\x1a&yandex"
        b"/cloud/operation/operation.proto\x22,\x0a\x0fGetI"
        b"mageRequest\x12\x19\x0a\x08image_id\x18\x01 \x01(\x09R\x07imageId\x22T"
        b"\x0a\x1dGetImageLatestByFamilyRequest\x12\x1b\x0a\x09folde"
        b"r_id\x18\x01 \x01(\x09R\x08folderId\x12\x16\x0a\x06family\x18\x02 \x01(\x09R\x06fa"
        b"mily\x22\x9f\x01\x0a\x11ListImagesRequest\x12\x1b\x0a\x09folder_id\x18"
        b"\x01 \x01(\x09R\x08folderId\x12\x1b\x0a\x09page_size\x18\x02 \x01(\x03R\x08page"
        b"Size\x12\x1d\x0a\x0apage_token\x18\x03 \x01(\x09R\x09pageToken\x12\x16\x0a\x06f"
        b"ilter\x18\x04 \x01(\x09R\x06filter\x12\x19\x0a\x08order_by\x18\x05 \x01(\x09R\x07o"
        b"rderBy\x22t\x0a\x12ListImagesResponse\x126\x0a\x06images\x18\x01"
        b" \x03(\x0b2\x1e.yandex.cloud.compute.v1.ImageR\x06im"
        b"ages\x12&\x0a\x0fnext_page_token\x18\x02 \x01(\x09R\x0dnextPageT"
        b"oken\x22\xf2\x04\x0a\x12CreateImageRequest\x12\x1b\x0a\x09folder_id"
        b"\x18\x01 \x01(\x09R\x08folderId\x12\x12\x0a\x04name\x18\x02 \x01(\x09R\x04name\x12 \x0a\x0b"
        b"description\x18\x03 \x01(\x09R\x0bdescription\x12O\x0a\x06labels"
        b"\x18\x04 \x03(\x0b27.yandex.cloud.compute.v1.CreateI"
        b"mageRequest.LabelsEntryR\x06labels\x12\x16\x0a\x06famil"
        b"y\x18\x05 \x01(\x09R\x06family\x12\x22\x0a\x0dmin_disk_size\x18\x06 \x01(\x03R\x0b"
        b"minDiskSize\x12\x1f\x0a\x0bproduct_ids\x18\x07 \x03(\x09R\x0aproduc"
        b"tIds\x12\x1b\x0a\x08image_id\x18\x08 \x01(\x09H\x00R\x07imageId\x12\x19\x0a\x07dis"
        b"k_id\x18\x09 \x01(\x09H\x00R\x06diskId\x12!\x0a\x0bsnapshot_id\x18\x0a \x01("
        b"\x09H\x00R\x0asnapshotId\x12\x12\x0a\x03uri\x18\x0b \x01(\x09H\x00R\x03uri\x12+\x0a\x02o"
        b"s\x18\x0c \x01(\x0b2\x1b.yandex.cloud.compute.v1.OsR\x02os"
        b"\x12\x16\x0a\x06pooled\x18\x11 \x01(\x08R\x06pooled\x12\x5c\x0a\x13hardware_gen"
        b"eration\x18\x12 \x01(\x0b2+.yandex.cloud.compute.v1."
        b"HardwareGenerationR\x12hardwareGeneration\x1a9"
        b"\x0a\x0bLabelsEntry\x12\x10\x0a\x03key\x18\x01 \x01(\x09R\x03key\x12\x14\x0a\x05value"
        b"\x18\x02 \x01(\x09R\x05value:\x028\x01B\x08\x0a\x06sourceJ\x04\x08\x0d\x10\x11\x220\x0a\x13Cre"
        b"ateImageMetadata\x12\x19\x0a\x08image_id\x18\x01 \x01(\x09R\x07imag"
        b"eId\x22\xd2\x02\x0a\x12UpdateImageRequest\x12\x19\x0a\x08image_id\x18\x01"
        b" \x01(\x09R\x07imageId\x12;\x0a\x0bupdate_mask\x18\x02 \x01(\x0b2\x1a.goo"
        b"gle.protobuf.FieldMaskR\x0aupdateMask\x12\x12\x0a\x04na"
        b"me\x18\x03 \x01(\x09R\x04name\x12 \x0a\x0bdescription\x18\x04 \x01(\x09R\x0bdes"
        b"cription\x12\x22\x0a\x0dmin_disk_size\x18\x05 \x01(\x03R\x0bminDisk"
        b"Size\x12O\x0a\x06labels\x18\x06 \x03(\x0b27.yandex.cloud.comp"
        b"ute.v1.UpdateImageRequest.LabelsEntryR\x06l"
        b"abels\x1a9\x0a\x0bLabelsEntry\x12\x10\x0a\x03key\x18\x01 \x01(\x09R\x03key\x12\x14"
        b"\x0a\x05value\x18\x02 \x01(\x09R\x05value:\x028\x01\x220\x0a\x13UpdateImageM"
        b"etadata\x12\x19\x0a\x08image_id\x18\x01 \x01(\x09R\x07imageId\x22/\x0a\x12De"
        b"leteImageRequest\x12\x19\x0a\x08image_id\x18\x01 \x01(\x09R\x07imag"
        b"eId\x220\x0a\x13DeleteImageMetadata\x12\x19\x0a\x08image_id\x18\x01"
        b" \x01(\x09R\x07imageId\x22s\x0a\x1aListImageOperationsRequ"
        b"est\x12\x19\x0a\x08image_id\x18\x01 \x01(\x09R\x07imageId\x12\x1b\x0a\x09page_s"
        b"ize\x18\x02 \x01(\x03R\x08pageSize\x12\x1d\x0a\x0apage_token\x18\x03 \x01(\x09R"
        b"\x09pageToken\x22\x88\x01\x0a\x1bListImageOperationsRespon"
        b"se\x12A\x0a\x0aoperations\x18\x01 \x03(\x0b2!.yandex.cloud.op"
        b"eration.OperationR\x0aoperations\x12&\x0a\x0fnext_pa"
        b"ge_token\x18\x02 \x01(\x09R\x0dnextPageTokenb\x06proto3",
        (
            "google/protobuf/field_mask.proto",
            "yandex/cloud/compute/v1/hardware_generation.proto",
            "yandex/cloud/compute/v1/image.proto",
            "yandex/cloud/operation/operation.proto",
        ),
    ),
    "yandex/cloud/compute/v1/kek.proto": (
        b"\x0a!yandex/cloud/compute/v1/kek.proto\x12\x17yan"
        b"dex.cloud.compute.v1\x22>\x0a\x06KMSKey\x12\x15\x0a\x06key_id"
        b"\x18\x01 \x01(\x09R\x05keyId\x12\x1d\x0a\x0aversion_id\x18\x02 \x01(\x09R\x09versi"
        b"onIdb\x06proto3",
        (
        ),
    ),
}
